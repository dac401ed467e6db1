import type { Command } from 'commander';
import { DEFAULT_CONNECTION, type AthenaConnection } from './connection.js';

export interface ConnectionOptions {
  readonly authType: string;
  readonly region: string;
  readonly catalog: string;
  readonly database: string;
  readonly workgroup: string;
  readonly outputLocation?: string;
  readonly endpoint?: string;
}

/** The flags of the data source. */
export function withConnection(command: Command): Command {
  return command
    .option('--auth-type <type>', 'how Grafana signs in to AWS', DEFAULT_CONNECTION.authType)
    .option('--region <region>', 'AWS region of Athena', DEFAULT_CONNECTION.region)
    .option('--catalog <name>', 'data catalog', DEFAULT_CONNECTION.catalog)
    .option('--database <name>', 'database of the lake', DEFAULT_CONNECTION.database)
    .option('--workgroup <name>', 'workgroup of Athena', DEFAULT_CONNECTION.workgroup)
    .option('--output-location <s3uri>', 'where results go, unless the workgroup says so')
    .option('--endpoint <url>', 'another endpoint than that of AWS');
}

export function connectionOf(options: ConnectionOptions): AthenaConnection {
  const { authType, region, catalog, database, workgroup, outputLocation, endpoint } = options;
  return {
    authType,
    region,
    catalog,
    database,
    workgroup,
    ...(outputLocation !== undefined && { outputLocation }),
    ...(endpoint !== undefined && { endpoint }),
  };
}
