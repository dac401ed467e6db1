import {
  type CallOptions,
  ConcurrencyLimitError,
  type GlueJobs,
  type GlueRun,
  type GlueRunName,
  type GlueRunState,
  IdempotencyConflictError,
  MissingError,
  type StartGlueRunRequest,
} from '@pulselake/aws-clients/glue';
import { Faults } from './faults.js';

type Method = 'startRun' | 'getRun' | 'stopRun' | 'listRuns';

interface Kept {
  readonly request: StartGlueRunRequest;
  /** States to come, the present one first. */
  path: GlueRunState[];
  run: GlueRun;
}

const GOING = new Set<GlueRunState>(['STARTING', 'RUNNING', 'STOPPING', 'WAITING']);

/** A Glue in memory with one job, `metrics-etl`, that runs once at a time. */
export class FakeGlueJobs implements GlueJobs {
  readonly kept: Kept[] = [];
  readonly faults = new Faults<Method>();
  readonly calls: string[] = [];
  /** What the next runs go through; each look takes one step, and the last state stays. */
  path: readonly GlueRunState[] = ['STARTING', 'RUNNING', 'SUCCEEDED'];
  /** What runs that fail say. */
  error: string | undefined;
  /** States after a run was asked to stop. */
  stopPath: readonly GlueRunState[] = ['STOPPING', 'STOPPED'];
  /** Told when a start was obeyed, before it is answered. */
  onStarted: (() => void) | undefined;

  constructor(
    private readonly clock: () => number,
    readonly job = 'metrics-etl',
  ) {}

  async startRun(request: StartGlueRunRequest, options?: CallOptions): Promise<string> {
    await this.#begin('startRun', request.job, options);
    const known = this.kept.find((one) => one.request.clientToken === request.clientToken);
    if (known) {
      if (JSON.stringify(known.request.arguments) === JSON.stringify(request.arguments)) return known.run.id;
      throw new IdempotencyConflictError(`The client token "${request.clientToken}" came with other arguments before.`);
    }
    if (this.kept.some(({ run }) => GOING.has(run.state))) {
      throw new ConcurrencyLimitError(`"${this.job}" runs already as often as it may at a time: 1`);
    }
    const id = `jr_${this.kept.length + 1}`;
    const [state, ...rest] = this.path;
    const run: GlueRun = {
      job: this.job,
      id,
      state: state!,
      arguments: { ...request.arguments },
      startedMs: this.clock(),
      ...(request.maxCapacityDpu !== undefined && { maxCapacityDpu: request.maxCapacityDpu }),
    };
    this.kept.push({ request, path: [state!, ...rest], run });
    this.onStarted?.();
    return id;
  }

  async getRun({ job, id }: GlueRunName, options?: CallOptions): Promise<GlueRun> {
    await this.#begin('getRun', job, options);
    const kept = this.#find(id);
    const [state] = kept.path;
    if (kept.path.length > 1) kept.path.shift();
    const { error } = this;
    const isOver = !GOING.has(state!);
    kept.run = {
      ...kept.run,
      state: state!,
      ...(isOver && { endedMs: kept.run.endedMs ?? this.clock(), executionSeconds: 60 }),
      ...(isOver && state !== 'SUCCEEDED' && error !== undefined && { error }),
    };
    return kept.run;
  }

  async stopRun({ job, id }: GlueRunName, options?: CallOptions): Promise<void> {
    await this.#begin('stopRun', job, options);
    const kept = this.#find(id);
    if (GOING.has(kept.run.state)) kept.path = [...this.stopPath];
  }

  async listRuns(job: string, limit: number, options?: CallOptions): Promise<GlueRun[]> {
    await this.#begin('listRuns', job, options);
    return this.kept
      .map(({ run }) => run)
      .reverse()
      .slice(0, limit);
  }

  #find(id: string): Kept {
    const kept = this.kept.find(({ run }) => run.id === id);
    if (!kept) throw new MissingError(`There is no run "${id}".`, 'run');
    return kept;
  }

  async #begin(method: Method, job: string, options: CallOptions | undefined): Promise<void> {
    await Promise.resolve();
    options?.signal?.throwIfAborted();
    this.calls.push(method);
    this.faults.meet(method);
    if (job !== this.job) throw new MissingError(`There is no job "${job}".`, 'job');
  }
}
