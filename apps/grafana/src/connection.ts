/** How Grafana reaches Athena. */
export interface AthenaConnection {
  readonly authType: string;
  readonly region: string;
  readonly catalog: string;
  readonly database: string;
  readonly workgroup: string;
  readonly outputLocation?: string;
  readonly endpoint?: string;
}

export const DEFAULT_CONNECTION: AthenaConnection = {
  authType: 'default',
  region: 'eu-central-1',
  catalog: 'AwsDataCatalog',
  database: 'pulselake',
  workgroup: 'primary',
};

/** Stable, so that dashboards find the data source in any Grafana. */
export const DATA_SOURCE = { type: 'grafana-athena-datasource', uid: 'pulselake-athena' } as const;

/** The data source as Grafana's provisioning files and its HTTP API both describe it. */
export function dataSourceModel(connection: AthenaConnection) {
  const { authType, region, catalog, database, workgroup, outputLocation, endpoint } = connection;
  return {
    name: 'Pulselake Athena',
    uid: DATA_SOURCE.uid,
    type: DATA_SOURCE.type,
    access: 'proxy',
    isDefault: false,
    jsonData: {
      authType,
      defaultRegion: region,
      catalog,
      database,
      workgroup,
      ...(outputLocation !== undefined && { outputLocation }),
      ...(endpoint !== undefined && { endpoint }),
    },
  };
}
