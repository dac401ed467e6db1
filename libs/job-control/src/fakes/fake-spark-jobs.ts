import {
  type CallOptions,
  IdempotencyConflictError,
  MissingError,
  type SparkJobs,
  type SparkRun,
  type SparkRunName,
  type SparkRunState,
  type StartSparkRunRequest,
} from '@pulselake/aws-clients/emr-serverless';
import { Faults } from './faults.js';

type Method = 'startRun' | 'getRun' | 'cancelRun' | 'listRuns';

interface Kept {
  readonly request: StartSparkRunRequest;
  /** States to come, the present one first. */
  path: SparkRunState[];
  run: SparkRun;
}

const OVER = new Set<SparkRunState>(['CANCELLED', 'FAILED', 'SUCCESS']);

/** An EMR Serverless in memory with one application, `00app`. */
export class FakeSparkJobs implements SparkJobs {
  readonly kept: Kept[] = [];
  readonly faults = new Faults<Method>();
  readonly calls: string[] = [];
  /** What the next runs go through; each look takes one step, and the last state stays. */
  path: readonly SparkRunState[] = ['SUBMITTED', 'SCHEDULED', 'RUNNING', 'SUCCESS'];
  /** What runs that have ended say. */
  details = '';
  /** States after a run was asked to end. */
  cancelPath: readonly SparkRunState[] = ['CANCELLING', 'CANCELLED'];
  /** Told when a start was obeyed, before it is answered. */
  onStarted: (() => void) | undefined;

  constructor(
    private readonly clock: () => number,
    readonly application = '00app',
  ) {}

  async startRun(request: StartSparkRunRequest, options?: CallOptions): Promise<string> {
    await this.#begin('startRun', request.application, options);
    const known = this.kept.find((one) => one.request.clientToken === request.clientToken);
    if (known) {
      if (JSON.stringify(known.request) === JSON.stringify(request)) return known.run.id;
      throw new IdempotencyConflictError(`The client token "${request.clientToken}" came with another request before.`);
    }
    const id = `00run${this.kept.length + 1}`;
    const { application, name, logs } = request;
    const run: SparkRun = {
      application,
      id,
      ...(name !== undefined && { name }),
      state: this.path[0]!,
      details: '',
      createdMs: this.clock(),
      ...(logs && { logs }),
    };
    this.kept.push({ request, path: [...this.path], run });
    this.onStarted?.();
    return id;
  }

  async getRun({ application, id }: SparkRunName, options?: CallOptions): Promise<SparkRun> {
    await this.#begin('getRun', application, options);
    const kept = this.#find(id);
    const [state] = kept.path;
    if (kept.path.length > 1) kept.path.shift();
    kept.run = {
      ...kept.run,
      state: state!,
      ...(OVER.has(state!) && {
        endedMs: kept.run.endedMs ?? this.clock(),
        details: this.details,
        vcpuHours: 0.05,
        memoryGbHours: 0.1,
      }),
    };
    return kept.run;
  }

  async cancelRun({ application, id }: SparkRunName, options?: CallOptions): Promise<void> {
    await this.#begin('cancelRun', application, options);
    const kept = this.#find(id);
    if (!OVER.has(kept.run.state)) kept.path = [...this.cancelPath];
  }

  async listRuns(application: string, limit: number, options?: CallOptions): Promise<SparkRun[]> {
    await this.#begin('listRuns', application, options);
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

  async #begin(method: Method, application: string, options: CallOptions | undefined): Promise<void> {
    await Promise.resolve();
    options?.signal?.throwIfAborted();
    this.calls.push(method);
    this.faults.meet(method);
    if (application !== this.application) {
      throw new MissingError(`There is no application "${application}".`, 'application');
    }
  }
}
