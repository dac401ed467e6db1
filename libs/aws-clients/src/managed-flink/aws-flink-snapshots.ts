import {
  CreateApplicationSnapshotCommand,
  DescribeApplicationSnapshotCommand,
  ListApplicationSnapshotsCommand,
  type SnapshotDetails,
} from '@aws-sdk/client-kinesis-analytics-v2';
import type { CallOptions } from '../control/call-service.js';
import { MissingError } from '../control/errors.js';
import { FLINK_REQUESTS } from './flink-requests.js';
import { callFlink, type FlinkServiceOptions } from './flink-service-options.js';
import type { FlinkSnapshot, FlinkSnapshots, SnapshotRequest } from './flink-snapshots.js';

/** Pages that are read of a list, 50 entries each: an application has at most 1,000 snapshots. */
const MAX_PAGES = 40;

/** `FlinkSnapshots` on Amazon's service. */
export class AwsFlinkSnapshots implements FlinkSnapshots {
  constructor(private readonly options: FlinkServiceOptions) {}

  async list(application: string, { signal }: CallOptions = {}): Promise<FlinkSnapshot[]> {
    const { client } = this.options;
    const request = { application, action: 'ListApplicationSnapshots', isRepeatable: true, signal };
    const found: FlinkSnapshot[] = [];
    let token: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const input = { ApplicationName: application, Limit: 50, ...(token !== undefined && { NextToken: token }) };
      const answer = await callFlink(this.options, request, (call) =>
        client.send(new ListApplicationSnapshotsCommand(input), call),
      );
      found.push(...(answer.SnapshotSummaries ?? []).map(snapshotOf));
      token = answer.NextToken;
      if (token === undefined) break;
    }
    return found.sort((one, other) => (other.createdMs ?? 0) - (one.createdMs ?? 0));
  }

  async find({ application, snapshot }: SnapshotRequest, { signal }: CallOptions = {}) {
    const { client } = this.options;
    const request = { application, action: 'DescribeApplicationSnapshot', isRepeatable: true, signal };
    try {
      const { SnapshotDetails: details } = await callFlink(this.options, request, (call) =>
        client.send(
          new DescribeApplicationSnapshotCommand({ ApplicationName: application, SnapshotName: snapshot }),
          call,
        ),
      );
      return details && snapshotOf(details);
    } catch (error) {
      if (error instanceof MissingError) return undefined;
      throw error;
    }
  }

  async create(wanted: SnapshotRequest, { signal }: CallOptions = {}): Promise<void> {
    const { application } = wanted;
    const request = { application, action: 'CreateApplicationSnapshot', isRepeatable: false, signal };
    const command = () => new CreateApplicationSnapshotCommand(FLINK_REQUESTS.CreateApplicationSnapshot(wanted));
    await callFlink(this.options, request, (call) => this.options.client.send(command(), call));
  }
}

function snapshotOf(details: SnapshotDetails): FlinkSnapshot {
  const created = details.SnapshotCreationTimestamp;
  return {
    name: details.SnapshotName!,
    state: details.SnapshotStatus!,
    version: details.ApplicationVersionId!,
    ...(created && { createdMs: created.getTime() }),
  };
}
