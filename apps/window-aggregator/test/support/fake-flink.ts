/** What goes wrong with a call. `lost`: it is obeyed, and the connection is cut before the answer. */
export type FlinkFault =
  { readonly fault: string; readonly message?: string; readonly status?: number } | 'reset' | 'lost';

/** A request body. */
type Input = Readonly<Record<string, unknown>>;

interface Operation {
  readonly OperationId: string;
  readonly Operation: string;
  OperationStatus: string;
  readonly StartTime: number;
  EndTime?: number;
  error?: string;
}

/** A refusal that is part of the protocol. */
export class Refusal extends Error {
  constructor(
    readonly fault: string,
    message: string,
  ) {
    super(message);
  }
}

/** One application, `windows`, of a Managed Flink in memory. Its state moves on with each look at it. */
export class FakeFlink {
  state = 'READY';
  version = 3;
  bucket = 'jars';
  key = 'old.jar';
  snapshotsEnabled = true;
  logStreams: string[] = [];
  /** States that the next looks find, after each call that begins something. */
  paths: Record<'start' | 'update' | 'stop' | 'force', string[]> = {
    start: ['STARTING', 'STARTING', 'RUNNING'],
    update: ['UPDATING', 'RUNNING'],
    stop: ['STOPPING', 'READY'],
    force: ['FORCE_STOPPING', 'READY'],
  };
  /** States that a new snapshot goes through. */
  snapshotPath = ['CREATING', 'READY'];
  /** Whether a failed update goes back to the old code. */
  rollsBack = false;
  /** Why operations fail. */
  error: string | undefined;
  readonly snapshots: { name: string; path: string[]; createdMs: number }[] = [];
  readonly operations: Operation[] = [];
  readonly faults: Partial<Record<string, FlinkFault[]>> = {};
  /** Seconds since the epoch. */
  nowSeconds = 1_714_564_800;
  path: string[] = [];

  obey(operation: string, input: Input): unknown {
    if (input['ApplicationName'] !== 'windows') throw new Refusal('ResourceNotFoundException', 'no such application');
    switch (operation) {
      case 'DescribeApplication':
        return this.#describe();
      case 'StartApplication':
        this.#mustBe('READY');
        return this.#begin(operation, this.paths.start);
      case 'UpdateApplication':
        return this.#update(input);
      case 'StopApplication':
        if (input['Force'] === true) return this.#begin(operation, this.paths.force);
        this.#mustBe('RUNNING');
        return this.#begin(operation, this.paths.stop);
      case 'CreateApplicationSnapshot':
        this.#mustBe('RUNNING');
        return this.#snapshot(String(input['SnapshotName']));
      case 'DescribeApplicationSnapshot':
        return this.#describeSnapshot(String(input['SnapshotName']));
      case 'ListApplicationSnapshots':
        return { SnapshotSummaries: this.snapshots.map((snapshot) => this.#details(snapshot)) };
      case 'ListApplicationOperations':
        return { ApplicationOperationInfoList: this.operations };
      case 'DescribeApplicationOperation':
        return this.#describeOperation(String(input['OperationId']));
      default:
        throw new Refusal('UnknownOperationException', operation);
    }
  }

  #mustBe(state: string): void {
    if (this.state !== state) throw new Refusal('ResourceInUseException', `the application is ${this.state}`);
  }

  #begin(Operation: string, path: readonly string[]) {
    const OperationId = `op-${this.operations.length + 1}`;
    const StartTime = this.nowSeconds;
    this.operations.push({ OperationId, Operation, OperationStatus: 'IN_PROGRESS', StartTime });
    this.path = [...path];
    this.state = this.path[0] ?? this.state;
    return { OperationId };
  }

  #update(input: Input) {
    if (input['CurrentApplicationVersionId'] !== this.version) {
      throw new Refusal('ConcurrentModificationException', `the version is ${this.version}`);
    }
    if (this.state !== 'RUNNING') this.#mustBe('READY');
    const location = (
      input as {
        ApplicationConfigurationUpdate: {
          ApplicationCodeConfigurationUpdate: {
            CodeContentUpdate: { S3ContentLocationUpdate: { BucketARNUpdate: string; FileKeyUpdate: string } };
          };
        };
      }
    ).ApplicationConfigurationUpdate.ApplicationCodeConfigurationUpdate.CodeContentUpdate.S3ContentLocationUpdate;
    this.version++;
    if (!this.rollsBack) {
      this.bucket = location.BucketARNUpdate.split(':').at(-1)!;
      this.key = location.FileKeyUpdate;
    }
    return this.#begin('UpdateApplication', this.state === 'READY' ? ['READY'] : this.paths.update);
  }

  #snapshot(name: string) {
    if (this.snapshots.some((snapshot) => snapshot.name === name)) throw new Refusal('ResourceInUseException', name);
    this.snapshots.push({ name, path: [...this.snapshotPath], createdMs: this.nowSeconds * 1000 });
    return {};
  }

  #describe() {
    this.state = this.path.length > 1 ? this.path.shift()! : (this.path[0] ?? this.state);
    const operation = this.operations.at(-1);
    if (operation?.OperationStatus === 'IN_PROGRESS' && /^(READY|RUNNING|ROLLED_BACK)$/.test(this.state)) {
      operation.OperationStatus = this.error === undefined ? 'SUCCESSFUL' : 'FAILED';
      operation.EndTime = this.nowSeconds + 60;
    }
    return {
      ApplicationDetail: {
        ApplicationARN: 'arn:aws:kinesisanalytics:eu-central-1:123456789012:application/windows',
        ApplicationName: 'windows',
        RuntimeEnvironment: 'FLINK-1_20',
        ApplicationStatus: this.state,
        ApplicationVersionId: this.version,
        CloudWatchLoggingOptionDescriptions: this.logStreams.map((LogStreamARN) => ({ LogStreamARN })),
        ApplicationConfigurationDescription: {
          ApplicationCodeConfigurationDescription: {
            CodeContentType: 'ZIPFILE',
            CodeContentDescription: {
              CodeSize: 30,
              S3ApplicationCodeLocationDescription: { BucketARN: `arn:aws:s3:::${this.bucket}`, FileKey: this.key },
            },
          },
          ApplicationSnapshotConfigurationDescription: { SnapshotsEnabled: this.snapshotsEnabled },
        },
      },
    };
  }

  #describeSnapshot(name: string) {
    const snapshot = this.snapshots.find((one) => one.name === name);
    if (!snapshot) throw new Refusal('ResourceNotFoundException', 'no such snapshot');
    const SnapshotDetails = this.#details(snapshot);
    if (snapshot.path.length > 1) snapshot.path.shift();
    return { SnapshotDetails };
  }

  #details({ name, path, createdMs }: { name: string; path: string[]; createdMs: number }) {
    return {
      SnapshotName: name,
      SnapshotStatus: path[0],
      ApplicationVersionId: this.version,
      SnapshotCreationTimestamp: createdMs / 1000,
    };
  }

  #describeOperation(id: string) {
    const operation = this.operations.find(({ OperationId }) => OperationId === id);
    if (!operation) throw new Refusal('ResourceNotFoundException', 'no such operation');
    const { error } = this;
    return {
      ApplicationOperationInfoDetails: {
        ...operation,
        ...(error !== undefined && { OperationFailureDetails: { ErrorInfo: { ErrorString: error } } }),
      },
    };
  }
}
