import {
  type ArtifactLocation,
  type ArtifactStore,
  type CallOptions,
  type PutArtifactRequest,
  putArtifactRequest,
  type StoredArtifact,
} from '@pulselake/aws-clients/artifacts';
import {
  FLINK_REQUESTS,
  type ApplicationState,
  type FlinkApplication,
  type FlinkOperation,
  type FlinkSnapshot,
  type FlinkSnapshots,
  type ManagedFlink,
  type SnapshotRequest,
  type StartRequest,
  type StopRequest,
  type UpdateCodeRequest,
} from '@pulselake/aws-clients/managed-flink';

/** A call that would be made. */
export interface RehearsedCall {
  readonly operation: string;
  readonly input: object;
}

type Note = (call: RehearsedCall) => void;

/** Where a state leads when nothing goes wrong. */
const ENDS: Partial<Record<ApplicationState, ApplicationState>> = {
  AUTOSCALING: 'RUNNING',
  FORCE_STOPPING: 'READY',
  MAINTENANCE: 'RUNNING',
  ROLLING_BACK: 'ROLLED_BACK',
  STARTING: 'RUNNING',
  STOPPING: 'READY',
  UPDATING: 'RUNNING',
};

/** Reads from the service, notes what would change something, and goes on as if it had succeeded. */
export class RehearsedFlink implements ManagedFlink {
  #imagined: FlinkApplication | undefined;
  #looks = 0;

  constructor(
    private readonly flink: ManagedFlink,
    private readonly note: Note,
  ) {}

  /** Whether what was described last is the service's no more. */
  get isImagined(): boolean {
    return this.#looks > 1;
  }

  async describe(application: string, options?: CallOptions): Promise<FlinkApplication> {
    this.#looks++;
    const seen = this.#imagined ?? (await this.flink.describe(application, options));
    this.#imagined = { ...seen, state: ENDS[seen.state] ?? seen.state };
    return seen;
  }

  operations(application: string, options?: CallOptions): Promise<FlinkOperation[]> {
    return this.flink.operations(application, options);
  }

  operation(application: string, id: string, options?: CallOptions): Promise<FlinkOperation> {
    return this.flink.operation(application, id, options);
  }

  updateCode(request: UpdateCodeRequest): Promise<undefined> {
    const { state, version } = this.#imagined!;
    this.note({ operation: 'UpdateApplication', input: FLINK_REQUESTS.UpdateApplication(request) });
    return this.#imagine({
      jar: request.jar,
      version: version + 1,
      state: state === 'READY' ? state : 'UPDATING',
    });
  }

  start(request: StartRequest): Promise<undefined> {
    this.note({ operation: 'StartApplication', input: FLINK_REQUESTS.StartApplication(request) });
    return this.#imagine({ state: 'STARTING' });
  }

  stop(request: StopRequest): Promise<undefined> {
    this.note({ operation: 'StopApplication', input: FLINK_REQUESTS.StopApplication(request) });
    return this.#imagine({ state: request.force ? 'FORCE_STOPPING' : 'STOPPING' });
  }

  #imagine(change: Partial<FlinkApplication>): Promise<undefined> {
    this.#imagined = { ...this.#imagined!, ...change };
    return Promise.resolve(undefined);
  }
}

/** Snapshots in the same way: all that are being made are READY at the second look. */
export class RehearsedSnapshots implements FlinkSnapshots {
  readonly #made = new Set<string>();

  constructor(
    private readonly snapshots: FlinkSnapshots,
    private readonly note: Note,
  ) {}

  list(application: string, options?: CallOptions): Promise<FlinkSnapshot[]> {
    return this.snapshots.list(application, options);
  }

  async find(request: SnapshotRequest, options?: CallOptions): Promise<FlinkSnapshot | undefined> {
    const { snapshot: name } = request;
    if (this.#made.has(name)) return { name, state: 'READY', version: 0 };
    const found = await this.snapshots.find(request, options);
    return found?.state === 'CREATING' ? { ...found, state: 'READY' } : found;
  }

  create(request: SnapshotRequest): Promise<void> {
    this.note({ operation: 'CreateApplicationSnapshot', input: FLINK_REQUESTS.CreateApplicationSnapshot(request) });
    this.#made.add(request.snapshot);
    return Promise.resolve();
  }
}

/** A bucket in the same way. */
export class RehearsedJars implements ArtifactStore {
  constructor(
    private readonly jars: ArtifactStore,
    private readonly note: Note,
  ) {}

  head(location: ArtifactLocation, options?: CallOptions): Promise<StoredArtifact | undefined> {
    return this.jars.head(location, options);
  }

  list(bucket: string, prefix: string, options?: CallOptions): Promise<StoredArtifact[]> {
    return this.jars.list(bucket, prefix, options);
  }

  async put(request: PutArtifactRequest, options?: CallOptions): Promise<boolean> {
    this.note({ operation: 'PutObject', input: putArtifactRequest(request) });
    // Whether there is such a bucket can be told by reading.
    await this.jars.list(request.bucket, request.key, options);
    return true;
  }
}
