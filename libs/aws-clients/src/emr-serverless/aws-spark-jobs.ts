import {
  CancelJobRunCommand,
  type EMRServerlessClient,
  GetJobRunCommand,
  ListJobRunsCommand,
  StartJobRunCommand,
} from '@aws-sdk/client-emr-serverless';
import { type CallOptions, callService, type ControlOptions } from '../control/call-service.js';
import {
  ConflictError,
  ControlRequestError,
  ControlUnreachableError,
  IdempotencyConflictError,
} from '../control/errors.js';
import type { SparkJobs, SparkRun, SparkRunName, StartSparkRunRequest } from './spark-jobs.js';
import { startSparkRunRequest } from './spark-requests.js';
import { sparkRunOf, sparkRunOfSummary } from './spark-run-of.js';

/** The SDK's client of EMR Serverless by which runs are started and asked for. */
export type EmrServerlessOptions = ControlOptions<Pick<EMRServerlessClient, 'send'>>;

/** Most entries of a page of runs that the service gives. */
const PAGE_RUNS = 50;

const ENDED = new Set(['CANCELLED', 'CANCELLING', 'FAILED', 'SUCCESS']);

/**
 * `SparkJobs` on Amazon's service. All requests may be repeated: a start has a client token, by which the service knows it again.
 *
 * @example
 * const client = createEmrServerlessClient({ region: 'eu-central-1' });
 * const jobs = new AwsSparkJobs({ client, clock: () => Date.now(), random: () => Math.random() });
 * (await jobs.getRun({ application: '00abc', id: '00def' })).state; // 'RUNNING'
 */
export class AwsSparkJobs implements SparkJobs {
  constructor(private readonly options: EmrServerlessOptions) {}

  async startRun(start: StartSparkRunRequest, { signal }: CallOptions = {}): Promise<string> {
    const { application, clientToken } = start;
    const input = startSparkRunRequest(start);
    // The caller may pass on the role that the job acts as.
    const needs = 'emr-serverless:StartJobRun and iam:PassRole';
    try {
      return await this.#call({ application, needs, signal }, async (call) => {
        const { jobRunId } = await this.options.client.send(new StartJobRunCommand(input), call);
        if (jobRunId !== undefined) return jobRunId;
        throw new ControlUnreachableError(`The answer to a start on "${application}" is not one of EMR Serverless.`);
      });
    } catch (error) {
      // The same name is given to an application that is in no state to run anything.
      if (!(error instanceof ConflictError) || !/token|idempoten/i.test(error.message)) throw error;
      throw new IdempotencyConflictError(
        `The client token "${clientToken}" came with another request before. Give another token for another run. ${error.message}`,
        { cause: error },
      );
    }
  }

  async getRun({ application, id }: SparkRunName, { signal }: CallOptions = {}): Promise<SparkRun> {
    const command = () => new GetJobRunCommand({ applicationId: application, jobRunId: id });
    const needs = 'emr-serverless:GetJobRun';
    return this.#call({ application, what: 'run', name: id, needs, signal }, async (call) =>
      sparkRunOf(application, (await this.options.client.send(command(), call)).jobRun),
    );
  }

  async cancelRun({ application, id }: SparkRunName, { signal }: CallOptions = {}): Promise<void> {
    const command = () => new CancelJobRunCommand({ applicationId: application, jobRunId: id });
    const needs = 'emr-serverless:CancelJobRun';
    try {
      await this.#call({ application, what: 'run', name: id, needs, signal }, (call) =>
        this.options.client.send(command(), call),
      );
    } catch (error) {
      // It refuses for a run that has ended.
      if (!(error instanceof ControlRequestError || error instanceof ConflictError)) throw error;
      const { state } = await this.getRun({ application, id }, { signal });
      if (!ENDED.has(state)) throw error;
    }
  }

  async listRuns(application: string, limit: number, { signal }: CallOptions = {}): Promise<SparkRun[]> {
    const needs = 'emr-serverless:ListJobRuns';
    const found: SparkRun[] = [];
    let token: string | undefined;
    do {
      const input = {
        applicationId: application,
        maxResults: Math.min(PAGE_RUNS, limit - found.length),
        ...(token !== undefined && { nextToken: token }),
      };
      const answer = await this.#call({ application, needs, signal }, (call) =>
        this.options.client.send(new ListJobRunsCommand(input), call),
      );
      for (const run of answer.jobRuns ?? []) found.push(sparkRunOfSummary(application, run));
      token = answer.nextToken;
    } while (token !== undefined && token !== '' && found.length < limit);
    return found.sort((one, other) => other.createdMs - one.createdMs).slice(0, limit);
  }

  #call<T>(
    request: CallOptions & { application: string; needs: string; what?: 'application' | 'run'; name?: string },
    work: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const { application, what = 'application', name = application, needs, signal } = request;
    return callService(
      work,
      { service: 'EMR Serverless', what, name, needs, isRepeatable: true, signal },
      this.options,
    );
  }
}
