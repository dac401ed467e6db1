import { DASHBOARDS } from '@pulselake/dashboards';
import { stringify } from 'yaml';
import { dataSourceModel, type AthenaConnection } from './connection.js';
import { grafanaDashboard } from './grafana-dashboard.js';

export const FOLDER = { uid: 'pulselake', title: 'Pulselake' } as const;

export interface ProvisioningOptions {
  readonly connection: AthenaConnection;
  /** Title of the dashboards' folder in Grafana. */
  readonly folder: string;
  /** Where Grafana itself finds the dashboards' files. */
  readonly dashboardsPath: string;
}

/** Grafana's file provisioning: contents by path below the output folder. Pure. */
export function provisioningFiles({ connection, folder, dashboardsPath }: ProvisioningOptions): Map<string, string> {
  const provider = {
    apiVersion: 1,
    providers: [
      {
        name: 'pulselake',
        folder,
        folderUid: FOLDER.uid,
        type: 'file',
        allowUiUpdates: false,
        options: { path: dashboardsPath },
      },
    ],
  };
  return new Map([
    [
      'provisioning/datasources/pulselake.yaml',
      stringify({ apiVersion: 1, datasources: [dataSourceModel(connection)] }),
    ],
    ['provisioning/dashboards/pulselake.yaml', stringify(provider)],
    ...DASHBOARDS.map((dashboard): [string, string] => [
      `dashboards/${dashboard.uid}.json`,
      `${JSON.stringify(grafanaDashboard(dashboard), undefined, 2)}\n`,
    ]),
  ]);
}
