import {
  type ApplicationOperationInfo,
  DescribeApplicationCommand,
  DescribeApplicationOperationCommand,
  ListApplicationOperationsCommand,
  StartApplicationCommand,
  StopApplicationCommand,
  UpdateApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { applicationOf } from './application-of.js';
import type { CallOptions } from '../control/call-service.js';
import { ControlUnreachableError } from '../control/errors.js';
import { FLINK_REQUESTS } from './flink-requests.js';
import { callFlink, type FlinkServiceOptions } from './flink-service-options.js';
import type {
  FlinkApplication,
  FlinkOperation,
  ManagedFlink,
  StartRequest,
  StopRequest,
  UpdateCodeRequest,
} from './managed-flink.js';

/** Pages that are read of a list, 50 entries each; the service keeps fewer. */
const MAX_PAGES = 40;

/**
 * `ManagedFlink` on Amazon's service.
 *
 * @example
 * const client = createManagedFlinkClient({ region: 'eu-central-1' });
 * const flink = new AwsManagedFlink({ client, clock: () => Date.now(), random: () => Math.random() });
 * (await flink.describe('window-aggregator')).state; // 'RUNNING'
 */
export class AwsManagedFlink implements ManagedFlink {
  constructor(private readonly options: FlinkServiceOptions) {}

  async describe(application: string, { signal }: CallOptions = {}): Promise<FlinkApplication> {
    const { client } = this.options;
    const request = { application, action: 'DescribeApplication', isRepeatable: true, signal };
    return callFlink(this.options, request, async (call) => {
      const { ApplicationDetail: detail } = await client.send(
        new DescribeApplicationCommand({ ApplicationName: application }),
        call,
      );
      if (detail?.ApplicationStatus === undefined || detail.ApplicationVersionId === undefined) {
        throw new ControlUnreachableError(`The answer about "${application}" is not one of Managed Flink.`);
      }
      return applicationOf(detail);
    });
  }

  async operations(application: string, { signal }: CallOptions = {}): Promise<FlinkOperation[]> {
    const { client } = this.options;
    const request = { application, action: 'ListApplicationOperations', isRepeatable: true, signal };
    const found: FlinkOperation[] = [];
    let token: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const input = { ApplicationName: application, Limit: 50, ...(token !== undefined && { NextToken: token }) };
      const answer = await callFlink(this.options, request, (call) =>
        client.send(new ListApplicationOperationsCommand(input), call),
      );
      for (const info of answer.ApplicationOperationInfoList ?? [])
        found.push(operationOf(info.OperationId ?? '', info));
      token = answer.NextToken;
      if (token === undefined) break;
    }
    return found.sort((one, other) => other.startedMs - one.startedMs);
  }

  async operation(application: string, id: string, { signal }: CallOptions = {}): Promise<FlinkOperation> {
    const { client } = this.options;
    const request = { application, action: 'DescribeApplicationOperation', isRepeatable: true, signal };
    return callFlink(this.options, request, async (call) => {
      const { ApplicationOperationInfoDetails: info } = await client.send(
        new DescribeApplicationOperationCommand({ ApplicationName: application, OperationId: id }),
        call,
      );
      if (!info) throw new ControlUnreachableError(`The answer about "${application}" is not one of Managed Flink.`);
      const error = info.OperationFailureDetails?.ErrorInfo?.ErrorString;
      return { ...operationOf(id, info), ...(error !== undefined && { error }) };
    });
  }

  async updateCode(update: UpdateCodeRequest, { signal }: CallOptions = {}): Promise<string | undefined> {
    const { application } = update;
    const request = { application, action: 'UpdateApplication', isRepeatable: false, signal };
    const command = () => new UpdateApplicationCommand(FLINK_REQUESTS.UpdateApplication(update));
    const answer = await callFlink(this.options, request, (call) => this.options.client.send(command(), call));
    return answer.OperationId;
  }

  async start(start: StartRequest, { signal }: CallOptions = {}): Promise<string | undefined> {
    const { application } = start;
    const request = { application, action: 'StartApplication', isRepeatable: false, signal };
    const command = () => new StartApplicationCommand(FLINK_REQUESTS.StartApplication(start));
    const answer = await callFlink(this.options, request, (call) => this.options.client.send(command(), call));
    return answer.OperationId;
  }

  async stop(stop: StopRequest, { signal }: CallOptions = {}): Promise<string | undefined> {
    const { application } = stop;
    const request = { application, action: 'StopApplication', isRepeatable: false, signal };
    const command = () => new StopApplicationCommand(FLINK_REQUESTS.StopApplication(stop));
    const answer = await callFlink(this.options, request, (call) => this.options.client.send(command(), call));
    return answer.OperationId;
  }
}

function operationOf(id: string, info: ApplicationOperationInfo): FlinkOperation {
  const { Operation, OperationStatus, StartTime, EndTime } = info;
  return {
    id,
    kind: Operation ?? 'unknown',
    status: OperationStatus ?? 'IN_PROGRESS',
    startedMs: StartTime?.getTime() ?? 0,
    // The service gives one to operations that go on, too.
    ...(EndTime && OperationStatus !== 'IN_PROGRESS' && { endedMs: EndTime.getTime() }),
  };
}
