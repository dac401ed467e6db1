import {
  BatchStopJobRunCommand,
  GetJobRunCommand,
  GetJobRunsCommand,
  type GlueClient,
  StartJobRunCommand,
} from '@aws-sdk/client-glue';
import { type CallOptions, callService, type ControlOptions } from '../control/call-service.js';
import {
  ConcurrencyLimitError,
  ControlRequestError,
  ControlThrottledError,
  ControlUnreachableError,
  IdempotencyConflictError,
} from '../control/errors.js';
import { timerSleep } from '../sdk/call-environment.js';
import type { GlueJobs, GlueRun, GlueRunName, StartGlueRunRequest } from './glue-jobs.js';
import { CLIENT_TOKEN_ARGUMENT, startGlueRunRequest } from './glue-requests.js';
import { glueRunOf } from './glue-run-of.js';

/** The SDK's client of Glue by which runs are started and asked for. */
export type GlueServiceOptions = ControlOptions<Pick<GlueClient, 'send'>>;

/** Runs among which a client token is looked for. */
const REMEMBERED_RUNS = 200;

/** Most entries of a page of runs that the service gives. */
const PAGE_RUNS = 200;

/** Starts of one call whose answers may be lost. */
const MAX_STARTS = 3;

/** Pause before looking for a run whose start was not answered: it may not be listed at once. */
const SETTLING_MS = 5_000;

/**
 * `GlueJobs` on Amazon's service. Glue has no client tokens of its own, so a run carries its token as an argument, by which it
 * is found again: before each start, and after one whose answer was lost. Two starts with the same token *at the same moment*
 * may both be obeyed, unless the job allows one run at a time, which is Glue's default.
 *
 * @example
 * const client = createGlueClient({ region: 'eu-central-1' });
 * const jobs = new AwsGlueJobs({ client, clock: () => Date.now(), random: () => Math.random() });
 * const id = await jobs.startRun({ job: 'metrics-etl', clientToken: '2024-05-01 by hand' });
 * (await jobs.getRun({ job: 'metrics-etl', id })).state; // 'STARTING'
 */
export class AwsGlueJobs implements GlueJobs {
  constructor(private readonly options: GlueServiceOptions) {}

  async startRun(start: StartGlueRunRequest, { signal }: CallOptions = {}): Promise<string> {
    const { sleep = timerSleep } = this.options;
    for (let starts = 0; ;) {
      const known = await this.#find(start, signal);
      if (known !== undefined) return known;
      try {
        starts++;
        return await this.#start(start, signal);
      } catch (error) {
        // After a start whose answer was lost, the run that is in the way may be the one that it began.
        const isUnclear =
          error instanceof ControlUnreachableError || (starts > 1 && error instanceof ConcurrencyLimitError);
        if (!isUnclear || starts >= MAX_STARTS) throw error;
        this.options.onRetry?.(error, SETTLING_MS);
        await sleep(SETTLING_MS, signal);
      }
    }
  }

  async getRun({ job, id }: GlueRunName, { signal }: CallOptions = {}): Promise<GlueRun> {
    const command = () => new GetJobRunCommand({ JobName: job, RunId: id });
    return this.#call({ job, action: 'GetJobRun', what: 'run', name: id, signal }, async (call) =>
      glueRunOf(job, (await this.options.client.send(command(), call)).JobRun),
    );
  }

  async stopRun({ job, id }: GlueRunName, { signal }: CallOptions = {}): Promise<void> {
    const command = () => new BatchStopJobRunCommand({ JobName: job, JobRunIds: [id] });
    const answer = await this.#call({ job, action: 'BatchStopJobRun', signal }, (call) =>
      this.options.client.send(command(), call),
    );
    // Inside a 200.
    const [failed] = answer.Errors ?? [];
    if (!failed) return;
    const { state } = await this.getRun({ job, id }, { signal });
    if (state !== 'RUNNING' && state !== 'STARTING' && state !== 'WAITING') return;
    const { ErrorCode: code = '', ErrorMessage: message = code } = failed.ErrorDetail ?? {};
    if (/throttl/i.test(code)) throw new ControlThrottledError(`Glue takes no more just now (${message}). Try again.`);
    throw new ControlRequestError(`Glue does not stop the run ${id} of "${job}": ${message || 'it names no reason'}`);
  }

  async listRuns(job: string, limit: number, { signal }: CallOptions = {}): Promise<GlueRun[]> {
    const found: GlueRun[] = [];
    let token: string | undefined;
    do {
      const input = {
        JobName: job,
        MaxResults: Math.min(PAGE_RUNS, limit - found.length),
        ...(token !== undefined && { NextToken: token }),
      };
      const answer = await this.#call({ job, action: 'GetJobRuns', signal }, (call) =>
        this.options.client.send(new GetJobRunsCommand(input), call),
      );
      for (const run of answer.JobRuns ?? []) found.push(glueRunOf(job, run));
      token = answer.NextToken;
    } while (token !== undefined && token !== '' && found.length < limit);
    return found.sort((one, other) => (other.startedMs ?? 0) - (one.startedMs ?? 0)).slice(0, limit);
  }

  /** The run that carries the token of `start`. */
  async #find(start: StartGlueRunRequest, signal: AbortSignal | undefined): Promise<string | undefined> {
    const { job, clientToken } = start;
    const runs = await this.listRuns(job, REMEMBERED_RUNS, { signal });
    const known = runs.find((run) => run.arguments[CLIENT_TOKEN_ARGUMENT] === clientToken);
    if (!known) return undefined;
    for (const [name, value] of Object.entries(startGlueRunRequest(start).Arguments ?? {})) {
      if (known.arguments[name] === value) continue;
      throw new IdempotencyConflictError(
        `The client token "${clientToken}" came with other arguments before: the run ${known.id} of "${job}" has ${name} ${known.arguments[name] ?? 'not at all'}, not ${value}. Give another token for another run.`,
      );
    }
    return known.id;
  }

  async #start(start: StartGlueRunRequest, signal: AbortSignal | undefined): Promise<string> {
    const { job } = start;
    const command = () => new StartJobRunCommand(startGlueRunRequest(start));
    return this.#call({ job, action: 'StartJobRun', isRepeatable: false, signal }, async (call) => {
      const { JobRunId: id } = await this.options.client.send(command(), call);
      if (id === undefined) throw new ControlUnreachableError(`The answer to a start of "${job}" is not one of Glue.`);
      return id;
    });
  }

  #call<T>(
    request: CallOptions & { job: string; action: string; what?: 'job' | 'run'; name?: string; isRepeatable?: boolean },
    work: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const { job, action, what = 'job', name = job, isRepeatable = true, signal } = request;
    return callService(
      work,
      { service: 'Glue', what, name, needs: `glue:${action}`, isRepeatable, signal },
      this.options,
    );
  }
}
