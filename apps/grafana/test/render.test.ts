import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { grafanaProgram } from '../src/commands.js';

let out: string;
let files: string[];
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'pulselake-render-'));
  const program = grafanaProgram({
    out: (text) => {
      ({ files } = JSON.parse(text) as { files: string[] });
    },
    env: {},
  });
  await program.parseAsync(['render', '--out', out, '--json', '--endpoint', 'http://127.0.0.1:8180'], { from: 'user' });
});
afterAll(() => rm(out, { recursive: true }));

const read = (path: string) => readFile(join(out, path), 'utf8');

it('writes a data source that Athena dashboards find', async () => {
  const { datasources } = parse(await read('provisioning/datasources/pulselake.yaml')) as {
    datasources: { uid: string; jsonData: object }[];
  };
  expect(datasources).toHaveLength(1);
  expect(datasources[0]).toMatchObject({
    uid: 'pulselake-athena',
    type: 'grafana-athena-datasource',
    jsonData: { endpoint: 'http://127.0.0.1:8180', authType: 'default', database: 'pulselake' },
  });
});

it('writes a provider whose folder is no title of a dashboard', async () => {
  const { providers } = parse(await read('provisioning/dashboards/pulselake.yaml')) as {
    providers: { folder: string }[];
  };
  const titles = await Promise.all(
    files
      .filter((path) => path.endsWith('.json'))
      .map(async (path) => (JSON.parse(await read(path)) as { title: string }).title),
  );
  expect(titles).toHaveLength(3);
  expect(titles).not.toContain(providers[0]?.folder);
});

it('fails when the files cannot be written, and says which', async () => {
  const file = join(out, 'dashboards/pulselake-metrics.json');
  const program = grafanaProgram({ out: () => undefined, env: {} });
  await expect(program.parseAsync(['render', '--out', file], { from: 'user' })).rejects.toThrow(
    `${file}/provisioning/datasources/pulselake.yaml cannot be written (ENOTDIR). Give --out a folder`,
  );
});

it('is mounted by compose.yaml at paths that are written', async () => {
  const compose = parse(await readFile(new URL('../compose.yaml', import.meta.url), 'utf8')) as {
    services: { grafana: { volumes: string[] } };
  };
  for (const volume of compose.services.grafana.volumes) {
    const [host = ''] = volume.split(':');
    const path = host.replace('./dist/rendered/', '');
    expect(files.some((file) => file.startsWith(`${path}/`))).toBe(true);
  }
  expect(compose.services.grafana.volumes.length).toBeGreaterThan(0);
});
