import { createHash } from 'node:crypto';
import { DASHBOARDS, type Dashboard } from '@pulselake/dashboards';
import { dataSourceModel, type AthenaConnection } from './connection.js';
import { asObject, GrafanaError, type Answer, type GrafanaApi } from './grafana-api.js';
import { grafanaDashboard } from './grafana-dashboard.js';
import { jsonDifference } from './json-difference.js';
import { FOLDER } from './provisioning-files.js';

export interface PushOptions {
  readonly connection: AthenaConnection;
  readonly folder: string;
  readonly dryRun: boolean;
  readonly overwrite: boolean;
}

export interface PushedThing {
  readonly kind: 'folder' | 'data source' | 'dashboard';
  readonly uid: string;
  readonly action: 'created' | 'updated' | 'unchanged' | 'kept';
  /** What differs from what Grafana has, `$.path: old → new`. */
  readonly differences: readonly string[];
}

const MARK = 'pulselake sha256:';

/**
 * Brings folder, data source and dashboards to Grafana; what is there already is not written again.
 *
 * Each save carries a digest of what was pushed as its version's message. The newest version's message then says who
 * saved last: with our mark the dashboard is as we left it, without it somebody edited it in Grafana and it is kept.
 * A digest inside the dashboard would travel along with an edit, and one of the content fails as soon as a Grafana
 * migrates what it stores.
 *
 * @throws GrafanaError when Grafana refuses or cannot be reached; what was done before stays
 */
export async function push(api: GrafanaApi, options: PushOptions): Promise<readonly PushedThing[]> {
  const titles = DASHBOARDS.map(({ title }) => title);
  if (titles.some((title) => title.toLowerCase() === options.folder.trim().toLowerCase())) {
    throw new GrafanaError(
      `--folder is ${options.folder}, the title of a dashboard; Grafana wants them to differ. Choose another one.`,
    );
  }
  const done = [await pushFolder(api, options), await pushDataSource(api, options)];
  for (const dashboard of DASHBOARDS) done.push(await pushDashboard(api, dashboard, options));
  return done;
}

async function pushFolder(api: GrafanaApi, { folder, dryRun }: PushOptions): Promise<PushedThing> {
  const { uid } = FOLDER;
  const found = await api.find(`/api/folders/${uid}`);
  // A folder that was renamed in Grafana keeps its name: it is found by its uid.
  if (found !== undefined) return { kind: 'folder', uid, action: 'unchanged', differences: [] };
  if (!dryRun) await api.post('/api/folders', { uid, title: folder });
  return { kind: 'folder', uid, action: 'created', differences: [] };
}

async function pushDataSource(api: GrafanaApi, { connection, dryRun }: PushOptions): Promise<PushedThing> {
  const wanted = dataSourceModel(connection);
  const { uid } = wanted;
  const found = await api.find(`/api/datasources/uid/${uid}`);
  if (found === undefined) {
    if (!dryRun) await api.post('/api/datasources', wanted);
    return { kind: 'data source', uid, action: 'created', differences: [] };
  }
  const had = Object.fromEntries(Object.keys(wanted).map((key) => [key, found[key]]));
  const differences = jsonDifference(had, wanted);
  if (differences.length > 0 && !dryRun) await api.put(`/api/datasources/uid/${uid}`, wanted);
  return { kind: 'data source', uid, action: differences.length > 0 ? 'updated' : 'unchanged', differences };
}

async function pushDashboard(
  api: GrafanaApi,
  dashboard: Dashboard,
  { dryRun, overwrite }: PushOptions,
): Promise<PushedThing> {
  const { uid } = dashboard;
  const { content: wanted } = storedDashboard(grafanaDashboard(dashboard));
  const kind = 'dashboard';
  const message = `${MARK}${createHash('sha256').update(JSON.stringify(wanted)).digest('hex')}`;
  const save = (model: Answer, options: { readonly folderUid: string; readonly overwrite: boolean }) =>
    api.post('/api/dashboards/db', { dashboard: model, message, ...options });
  const found = await api.find(`/api/dashboards/uid/${uid}`);
  if (found === undefined) {
    if (!dryRun) await save({ ...wanted, id: null }, { folderUid: FOLDER.uid, overwrite: false });
    return { kind, uid, action: 'created', differences: [] };
  }
  const { content: had, id, version } = storedDashboard(found['dashboard']);
  const differences = jsonDifference(had, wanted);
  const last = (await api.list(`/api/dashboards/uid/${uid}/versions?limit=1`, 'versions'))[0]?.['message'];
  if (differences.length === 0 || last === message) return { kind, uid, action: 'unchanged', differences: [] };
  const isOurs = typeof last === 'string' && last.startsWith(MARK);
  if (!isOurs && !overwrite) return { kind, uid, action: 'kept', differences };
  // The version, so that an edit saved since is refused (412) and not lost. A dashboard that was moved stays there.
  const { folderUid } = asObject(found['meta']);
  if (!dryRun) {
    await save(
      { ...wanted, id, version },
      { folderUid: typeof folderUid === 'string' ? folderUid : FOLDER.uid, overwrite },
    );
  }
  return { kind, uid, action: 'updated', differences };
}

/** What is compared, apart from the two fields that each Grafana numbers for itself. */
function storedDashboard(model: unknown) {
  const { id, version, ...content } = asObject(JSON.parse(JSON.stringify(model ?? {})));
  return { id, version, content };
}
