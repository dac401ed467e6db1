/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/restrict-plus-operands -- what the stand-in holds is any JSON */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_CONNECTION, GrafanaApi, push, type PushOptions } from '../src/index.js';
import { grafanaProgram } from '../src/commands.js';
import { FakeGrafana } from './support/fake-grafana.js';

let grafana: FakeGrafana;
let url: string;
beforeEach(async () => {
  grafana = new FakeGrafana();
  url = await grafana.start();
});
afterEach(() => grafana.stop());

const run = (options: Partial<PushOptions> = {}, token = grafana.token) =>
  push(new GrafanaApi({ url, token, timeoutMs: 300, retryPausesMs: [1, 1] }), {
    connection: DEFAULT_CONNECTION,
    folder: 'Pulselake',
    dryRun: false,
    overwrite: false,
    ...options,
  });
const actions = async (options?: Partial<PushOptions>) => (await run(options)).map(({ action }) => action);
const METRICS = 'pulselake-metrics';
const addPanel = () => grafana.edit(METRICS, (dashboard) => dashboard.panels.push({ id: 99 }));

describe('push', () => {
  it('makes folder, data source and dashboards', async () => {
    expect(await actions()).toEqual(['created', 'created', 'created', 'created', 'created']);
    expect([...grafana.dashboards.keys()]).toEqual([METRICS, 'pulselake-traffic', 'pulselake-health']);
  });

  it.each([true, false])('writes nothing the second time (versions in an object: %s)', async (wrapsVersions) => {
    grafana.wrapsVersions = wrapsVersions;
    await run();
    grafana.writes.length = 0;
    expect(new Set(await actions())).toEqual(new Set(['unchanged']));
    expect(grafana.writes).toEqual([]);
  });

  it('writes nothing the second time when Grafana migrated what it stores', async () => {
    await run();
    const stored = grafana.dashboards.get(METRICS);
    if (stored) stored.dashboard.schemaVersion = 99;
    grafana.writes.length = 0;
    expect(new Set(await actions())).toEqual(new Set(['unchanged']));
    expect(grafana.writes).toEqual([]);
  });

  it('keeps a dashboard that was edited in Grafana, and says where it differs', async () => {
    await run();
    addPanel();
    grafana.writes.length = 0;
    const kept = (await run()).find(({ uid }) => uid === METRICS);
    expect(kept?.action).toBe('kept');
    expect(kept?.differences.join()).toContain('$.panels[');
    expect(grafana.writes).toEqual([]);
  });

  it('replaces an edited dashboard with --overwrite', async () => {
    await run();
    addPanel();
    expect(await actions({ overwrite: true })).toContain('updated');
    expect(new Set(await actions())).toEqual(new Set(['unchanged']));
  });

  it('keeps a foreign dashboard of the same uid', async () => {
    await run();
    const stored = grafana.dashboards.get(METRICS);
    if (stored) {
      stored.versions = [{ version: 1, message: 'mine' }];
      stored.dashboard.title = 'Mine';
    }
    expect(await actions()).toContain('kept');
  });

  it('brings a changed data source up to date', async () => {
    await run();
    const things = await run({ connection: { ...DEFAULT_CONNECTION, workgroup: 'other' } });
    expect(things[1]).toMatchObject({ action: 'updated', differences: ['$.jsonData.workgroup: "primary" → "other"'] });
  });

  const asPushedByAnOlderRelease = () => {
    const stored = grafana.dashboards.get(METRICS);
    if (stored === undefined) throw new Error('nothing was pushed');
    stored.dashboard.title = 'Older';
    stored.dashboard.version = 8;
    stored.versions = [{ version: 8, message: 'pulselake sha256:older' }];
    stored.folderUid = 'moved-here';
    grafana.folders.set('moved-here', { uid: 'moved-here', title: 'Moved here' });
    return stored;
  };

  it('brings a dashboard of an older release up to date, in the folder it was moved to', async () => {
    await run();
    asPushedByAnOlderRelease();
    const updated = (await run()).find(({ uid }) => uid === METRICS);
    expect(updated).toMatchObject({ action: 'updated', differences: ['$.title: "Older" → "Metrics"'] });
    const stored = grafana.dashboards.get(METRICS);
    expect([stored?.dashboard.title, stored?.dashboard.version, stored?.folderUid]).toEqual([
      'Metrics',
      9,
      'moved-here',
    ]);
    expect(new Set(await actions())).toEqual(new Set(['unchanged']));
  });

  it('writes nothing in a dry run of changes, and says them', async () => {
    await run();
    asPushedByAnOlderRelease();
    grafana.writes.length = 0;
    const things = await run({ dryRun: true, connection: { ...DEFAULT_CONNECTION, workgroup: 'other' } });
    expect(things.filter(({ action }) => action === 'updated').map(({ differences }) => differences)).toEqual([
      ['$.jsonData.workgroup: "primary" → "other"'],
      ['$.title: "Older" → "Metrics"'],
    ]);
    expect(grafana.writes).toEqual([]);
  });

  it('writes nothing in a dry run', async () => {
    expect(new Set(await actions({ dryRun: true }))).toEqual(new Set(['created']));
    expect(grafana.writes).toEqual([]);
  });

  it('fails when the folder has the title of a dashboard', async () => {
    await expect(run({ folder: 'metrics' })).rejects.toThrow('the title of a dashboard');
    expect(grafana.calls).toBe(0);
  });
});

describe('push to a Grafana that fails', () => {
  const answer = (status: number, body: string, headers = {}) => {
    grafana.fault = (_request, response) => {
      response.writeHead(status, headers).end(body);
      return true;
    };
  };

  it('fails on 401 without the token in the message', async () => {
    await expect(run({}, 'glsa_wrong')).rejects.toThrow(/401: the token is not known/);
    await expect(run({}, 'glsa_wrong')).rejects.not.toThrow(/glsa_wrong/);
  });

  it.each([
    [403, '{"message":"Access denied"}', /403: the token may not do this.*Access denied/],
    [500, '{"message":"boom"}', /500: Grafana failed.*boom/],
    [500, '<html>oops', /500: Grafana failed/],
    [200, '<html>login', /200 with no JSON/],
    [404, '<html>no such page', /404 with no JSON.*Check --url/],
    [409, '{"message":"taken"}', /409: there is such a thing already.*taken/],
  ])('fails on %s %s', async (status, body, message) => {
    answer(status, body);
    await expect(run()).rejects.toThrow(message);
  });

  it('fails when everything is 404', async () => {
    answer(404, '{}');
    await expect(run()).rejects.toThrow(/POST .*404: there is no such thing/);
  });

  it('fails on a redirect to a login page', async () => {
    answer(302, '', { location: '/login' });
    await expect(run()).rejects.toThrow(/redirected to \/login/);
  });

  it('fails when nothing is answered in time', async () => {
    grafana.fault = () => true;
    await expect(run()).rejects.toThrow(/no answer within 0.3 s/);
  });

  it('fails when the connection is reset', async () => {
    grafana.fault = (request) => {
      request.socket.resetAndDestroy();
      return true;
    };
    await expect(run()).rejects.toThrow(/cannot be reached \(ECONNRESET\)/);
  });

  it('fails when the connection is refused', async () => {
    grafana.stop();
    await expect(run()).rejects.toThrow(/cannot be reached \(ECONNREFUSED\)/);
  });

  it('fails on 412 when a dashboard is saved between reading and writing', async () => {
    await run();
    const stored = grafana.dashboards.get(METRICS);
    if (stored) {
      stored.dashboard.title = 'Older';
      stored.versions = [{ version: 1, message: 'pulselake sha256:older' }];
    }
    grafana.fault = (request) => {
      if (request.method === 'POST' && stored) stored.dashboard.version += 1;
      return false;
    };
    await expect(run()).rejects.toThrow(/412: someone else saved the dashboard meanwhile/);
  });

  it('fails on 412 when another dashboard has the title', async () => {
    await run();
    const stored = grafana.dashboards.get(METRICS);
    grafana.dashboards.delete(METRICS);
    if (stored) grafana.dashboards.set('other', { ...stored, dashboard: { ...stored.dashboard, uid: 'other' } });
    await expect(run()).rejects.toThrow(/412: another dashboard of this folder has the same title/);
  });

  it('fails on 412 when the dashboard belongs to a plugin', async () => {
    grafana.fault = (request, response) => {
      if (request.url !== '/api/dashboards/db') return false;
      response.writeHead(412).end('{"status":"plugin-dashboard","message":"managed by a plugin"}');
      return true;
    };
    await expect(run()).rejects.toThrow(/412: the dashboard belongs to a plugin.*managed by a plugin/);
  });

  it('tries a write again as well', async () => {
    let failures = 2;
    grafana.fault = (request, response) => {
      if (failures === 0 || request.method === 'GET') return false;
      failures -= 1;
      response.writeHead(503).end();
      return true;
    };
    expect(new Set(await actions())).toEqual(new Set(['created']));
    expect(failures).toBe(0);
  });

  it.each([429, 502, 503])('tries again after %s, and not for ever', async (status) => {
    let failures = 2;
    grafana.fault = (_request, response) => {
      if (failures === 0) return false;
      failures -= 1;
      response.writeHead(status).end();
      return true;
    };
    expect(await actions()).toHaveLength(5);
    grafana.calls = 0;
    answer(status, '');
    await expect(run()).rejects.toThrow(String(status));
    expect(grafana.calls).toBe(3);
  });
});

describe('the push command', () => {
  const command = async (...args: string[]) => {
    const said: string[] = [];
    const program = grafanaProgram({ out: (text) => said.push(text), env: { TOKEN: grafana.token } });
    for (const one of [program, ...program.commands]) one.exitOverride().configureOutput({ writeErr: () => undefined });
    await program.parseAsync(['push', '--url', url, ...args], { from: 'user' });
    return said.join('\n');
  };

  it('says what it did, never the token', async () => {
    const said = await command('--token-env', 'TOKEN');
    expect(said).toContain('dashboard pulselake-metrics: created');
    expect(said).not.toContain(grafana.token);
    expect(await command('--token-env', 'TOKEN')).toContain('Nothing to change.');
  });

  it('prints one JSON document', async () => {
    expect(JSON.parse(await command('--token-env', 'TOKEN', '--json', '--dry-run'))).toMatchObject({ dryRun: true });
  });

  it.each(['grafana.example.com', 'ftp://grafana'])('fails on the address %s', async (address) => {
    const code = 'commander.invalidArgument';
    await expect(command('--token-env', 'TOKEN', '--url', address)).rejects.toMatchObject({ code });
  });

  it('fails on an address with a password, which it does not print', async () => {
    const pushed = command('--token-env', 'TOKEN', '--url', 'http://admin:hunter2@grafana');
    await expect(pushed).rejects.toThrow(/^--url holds a user or password. Give a token by --token-env.$/);
  });

  it('fails without a token', async () => {
    await expect(command('--token-env', 'NONE')).rejects.toThrow('NONE is not set');
    await expect(command()).rejects.toMatchObject({ code: 'commander.error' });
  });
});
