import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { call, event, HEADER, row } from './support/records.js';
import { folderOfTest, lakeOfTest } from './support/small-lake.js';

/** Names that a shell, a browser, a terminal, a database or a file system might obey. */
const NAMES = [
  `'`,
  '"',
  `'; DROP TABLE windowed_metrics; --`,
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '\u001b[2J\u001b]0;x\u0007',
  '\u009b31m',
  '../../../../tmp/evil',
  '..',
  '.',
  '/etc/passwd',
  'C:\\con',
  'a/b\\c',
  'dt=2024-01-01',
  '$(touch x) `x` ${x} %s %00',
  '\u202eevil',
  'a\0b',
  'a\tb',
  '__proto__',
  'constructor',
  'null',
  '-1',
  '=1+1',
  ' ',
  '😀'.repeat(128),
  'x'.repeat(128),
];
const TOO_LONG = ['x'.repeat(129), '😀'.repeat(129)];

describe('names that something might obey', () => {
  test('come through metrics and events as they are; those of 129 characters are rejected', async () => {
    const folder = await folderOfTest();
    const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
    const all = [...NAMES, ...TOO_LONG];
    await writeFile(join(folder, 'a.csv'), [HEADER, ...all.map((name) => row({ component: quoted(name) }))].join('\n'));
    await writeFile(
      join(folder, 'b.ndjson'),
      all.map((name) => event('10:00:00', 1, { componentName: name, unit: 'u' })).join('\n'),
    );
    const lake = await lakeOfTest();
    for (const [kind, file] of [
      ['metrics', 'a.csv'],
      ['events', 'b.ndjson'],
    ] as const) {
      const { document } = await lake.ingest([kind, join(folder, file)]);
      expect(document.counts).toMatchObject({ accepted: NAMES.length, rejected: TOO_LONG.length });
      expect(document.rejectedByReason).toEqual({ 'too-long': TOO_LONG.length });
    }
    for (const source of ['batch', 'stream']) {
      const rows = await lake.rows(`SELECT component_name FROM windowed_metrics_current WHERE source = '${source}'`);
      expect(rows.map((found) => found['component_name']).sort()).toEqual([...NAMES].sort());
    }
    expect((await lake.verify()).exitCode).toBe(0);
    expect(await readdir(dirname(lake.root))).toEqual(['lake']);
  });

  test('come through logs as they are, as sources and as targets', async () => {
    const folder = await folderOfTest();
    const names = NAMES.filter((name) => !/[\s"/?#]/.test(name) && name !== '-');
    const lines = names.flatMap((name) => [call({ source: name, path: '/shop/x' }), call({ path: `/${name}/x` })]);
    await writeFile(join(folder, 'all.log'), lines.join('\n'));
    const lake = await lakeOfTest();
    const { document } = await lake.ingest(['logs', join(folder, 'all.log')]);
    expect(document.counts).toMatchObject({ read: lines.length, accepted: lines.length });
    const found = await lake.rows('SELECT source, target FROM traffic_reports');
    const of = (column: 'source' | 'target', other: string) =>
      found.filter((pair) => pair[column === 'source' ? 'target' : 'source'] === other).map((pair) => pair[column]);
    expect(of('source', 'shop').sort()).toEqual([...names].sort());
    expect(of('target', 'cart-service').sort()).toEqual([...names].sort());
    const report = await lake.run(['report', '--json']);
    expect(report.exitCode).toBe(0);
    expect((await lake.verify()).exitCode).toBe(0);
    expect(existsSync('/tmp/evil')).toBe(false);
  });

  test('reach the page as data, never as its text', async () => {
    const folder = await folderOfTest();
    await writeFile(join(folder, 'b.ndjson'), event('10:00:00', 1, { componentName: '<script>alert(1)</script>' }));
    const lake = await lakeOfTest();
    await lake.ingest(['events', join(folder, 'b.ndjson')]);
    const stop = new AbortController();
    let told: (url: string) => void = () => undefined;
    const address = new Promise<string>((resolve) => (told = resolve));
    const serving = lake.run(['serve', '--port', '0'], {
      signal: stop.signal,
      onOutput: (text) => {
        const url = /http:\/\/[\w.:[\]]+/.exec(text)?.[0];
        if (url !== undefined) told(url);
      },
    });
    try {
      const url = await address;
      expect(await (await fetch(url)).text()).not.toContain('alert(1)');
      const dashboards = await (await fetch(`${url}/api/dashboards`)).json();
      expect(JSON.stringify(dashboards)).not.toContain('alert(1)');
      for (const path of ['/', '/api/dashboards']) {
        const { headers } = await fetch(`${url}${path}`);
        expect(headers.get('content-security-policy')).toContain(`default-src 'none'`);
        expect(headers.get('x-content-type-options')).toBe('nosniff');
      }
    } finally {
      stop.abort();
    }
    expect((await serving).exitCode).toBe(0);
  });
});

test('10,000 components are taken, reported and asked for', async () => {
  const folder = await folderOfTest();
  const components = Array.from({ length: 10_000 }, (_, index) => `component-${index}`);
  await writeFile(join(folder, 'a.csv'), [HEADER, ...components.map((component) => row({ component }))].join('\n'));
  await writeFile(
    join(folder, 'b.ndjson'),
    components.map((componentName) => event('10:00:00', 1, { componentName })).join('\n'),
  );
  await writeFile(join(folder, 'c.log'), components.map((source) => call({ source, path: '/shop/x' })).join('\n'));
  const lake = await lakeOfTest();
  for (const [kind, file] of [
    ['metrics', 'a.csv'],
    ['events', 'b.ndjson'],
    ['logs', 'c.log'],
  ] as const) {
    const { document } = await lake.ingest([kind, join(folder, file)]);
    expect(document.counts).toMatchObject({ read: 10_000, accepted: 10_000 });
  }
  // A file for each component would be ten thousand files.
  expect((await lake.keys('.')).length).toBeLessThan(20);
  expect(await lake.number('SELECT count(DISTINCT component_name) FROM windowed_metrics_current')).toBe(10_000);
  expect((await lake.run(['report', '--json'])).exitCode).toBe(0);
  expect((await lake.verify()).exitCode).toBe(0);
});
