import { appendFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryUsage } from 'node:process';
import { createGzip } from 'node:zlib';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { RejectReason } from '@pulselake/data-model';
import { describe, expect, test } from 'vitest';
import { call, event, FILE_NAMES, GOOD, HEADER, type Kind, KINDS, row } from './support/records.js';
import { folderOfTest, lakeOfTest } from './support/small-lake.js';

const MIB = 2 ** 20;
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const csv = (...rows: string[]) => [HEADER, ...rows, ''].join('\n');
const BOM = '\ufeff';

/** Kind, what is wrong, the file, records accepted, and rejected by reason. */
const CASES: readonly [Kind, string, string | Buffer, number, Partial<Record<RejectReason, number>>][] = [
  [
    'metrics',
    'NaN, an infinity and 1e400',
    csv(row({ max: 'NaN' }), row({ min: '-Infinity' }), row({ max: '1e400' }), row()),
    1,
    { 'not-finite': 3 },
  ],
  ['metrics', 'a number with a comma in the wrong place', csv(row({ max: '1,5' }), row()), 1, { malformed: 1 }],
  ['metrics', 'a text for a number', csv(row({ max: 'many' }), row({ max: '0x10' })), 0, { 'wrong-type': 2 }],
  ['metrics', 'no value', csv(row({ max: '' }), row()), 1, { 'missing-field': 1 }],
  ['metrics', 'a time that is none', csv(row({ from: '25:00' }), row({ to: 'noon' })), 0, { 'bad-timestamp': 2 }],
  ['metrics', 'a minimum above the maximum', csv(row({ min: '3' }), row()), 1, { 'min-above-max': 1 }],
  [
    'metrics',
    'a window that ends before it starts',
    csv(row({ to: '09:00' }), row({ to: '10:00' })),
    0,
    { 'empty-window': 2 },
  ],
  ['metrics', 'a quote that is not closed', csv(row({ component: '"cart' }), row()), 1, { malformed: 1 }],
  [
    'metrics',
    'a name that is too long',
    csv(row({ component: 'x'.repeat(129) }), row({ component: 'x'.repeat(128) })),
    1,
    { 'too-long': 1 },
  ],
  ['metrics', 'a line of 10 MB', csv(row({ component: 'x'.repeat(10 * MIB) }), row()), 1, { 'too-long': 1 }],
  ['metrics', 'Latin-1', latin1(csv(row({ component: 'käse' }), row())), 1, { 'bad-encoding': 1 }],
  [
    'metrics',
    'CRLF, a BOM and no last line end',
    `${BOM}${HEADER}\r\n${row()}\r\n\r\n${row({ from: '10:04' })}`,
    2,
    {},
  ],
  ['metrics', 'NUL in a name', csv(row({ component: 'a\0b' })), 1, {}],
  ['events', 'NaN as JSON has none', `{"value":NaN}\n${event('10:00:00')}`, 1, { malformed: 1 }],
  [
    'events',
    'NaN as a text, and beyond double',
    `${event('10:00:00', 'NaN')}\n${event('10:00:00').replace(':1,', ':1e400,')}`,
    0,
    { 'wrong-type': 1, 'not-finite': 1 },
  ],
  ['events', 'a time as a number', event('10:00:00').replace(/"2024[^"]*"/, '1717150000'), 0, { 'bad-timestamp': 1 }],
  ['events', 'a time without Z', event('2024-05-31T10:00:00+00:00'), 0, { 'bad-timestamp': 1 }],
  ['events', 'a time in the future', event('2024-06-01T12:05:00.001Z'), 0, { future: 1 }],
  ['events', 'a time just not in the future', event('2024-06-01T12:05:00Z'), 1, {}],
  ['events', 'a missing field', '{"componentName":"cart"}', 0, { 'missing-field': 1 }],
  ['events', 'no objects', '[]\n1\n"x"\nnull\n{]\n', 0, { malformed: 5 }],
  [
    'events',
    'a line of 10 MB',
    `${event('10:00:00', 'x'.repeat(10 * MIB))}\n${event('10:00:00')}`,
    1,
    { 'too-long': 1 },
  ],
  [
    'events',
    'Latin-1',
    latin1(`${event('10:00:00', 1, { componentName: 'käse' })}\n${event('10:00:00')}`),
    1,
    { 'bad-encoding': 1 },
  ],
  ['events', 'CRLF, a BOM and no last line end', `${BOM}${event('10:00:00')}\r\n\r\n${event('10:00:00')}`, 2, {}],
  ['events', 'NUL', `${event('10:00:00')}\0\n${event('10:00:00', 1, { componentName: 'a\0b' })}`, 1, { malformed: 1 }],
  [
    'events',
    'brackets in brackets, half a million deep',
    `${'['.repeat(500_000)}\n${'{"a":'.repeat(100_000)}\n{"value":${'['.repeat(400_000)}${']'.repeat(400_000)}}\n`,
    0,
    { malformed: 2, 'missing-field': 1 },
  ],
  ['events', 'a CSV file', GOOD.metrics, 0, { malformed: 3 }],
  ['events', 'binary data', Buffer.from([0xff, 0xfe, 10, 0, 1, 10]), 0, { 'bad-encoding': 1, malformed: 1 }],
  ['logs', 'lines of no known shape', `hello\n${call()}\n{}`, 1, { 'unparsed-line': 2 }],
  ['logs', 'a time that is none', call({ at: '2024-02-30T10:00:00Z' }), 0, { 'bad-timestamp': 1 }],
  ['logs', 'no source', call({ source: '' }), 0, { 'unparsed-line': 1 }],
  ['logs', 'a line of 10 MB', `${call({ path: `/${'x'.repeat(10 * MIB)}` })}\n${call()}`, 1, { 'too-long': 1 }],
  ['logs', 'Latin-1', latin1(`${call({ path: '/käse' })}\n${call()}`), 1, { 'bad-encoding': 1 }],
  ['logs', 'CRLF, a BOM and no last line end', `${BOM}${call()}\r\n\r\n${call()}`, 2, {}],
  ['logs', 'NUL in the request', call({ path: '/a\0b' }), 1, {}],
  ['logs', 'binary data', Buffer.from([0xff, 0xfe, 10, 0, 1, 10]), 0, { 'bad-encoding': 1, 'unparsed-line': 1 }],
];

describe('records that cannot be used are counted with their reason, and kept', () => {
  test.each(CASES)('ingest %s: %s', async (kind, _name, content, accepted, rejectedByReason) => {
    const path = join(await folderOfTest(), FILE_NAMES[kind]);
    await writeFile(path, content);
    const lake = await lakeOfTest();
    const rejected = Object.values(rejectedByReason).reduce((sum, rows) => sum + rows, 0);
    const { exitCode, document } = await lake.ingest([kind, path, '--strict']);
    expect(document.rejectedByReason).toEqual(rejectedByReason);
    expect(document.counts).toMatchObject({ read: accepted + rejected, accepted, rejected });
    expect(exitCode).toBe(rejected > 0 ? 3 : 0);
    const kept = await lake.rows(
      'SELECT reason, line, octet_length(encode(raw)) AS bytes, truncated FROM rejected_records',
    );
    expect(kept.length).toBe(rejected);
    for (const { line, bytes } of kept) {
      expect(Number(line)).toBeGreaterThan(0);
      expect(Number(bytes ?? 0)).toBeLessThanOrEqual(8192);
    }
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('without --strict rejected records are no failure', async () => {
    const path = join(await folderOfTest(), FILE_NAMES.logs);
    await writeFile(path, 'hello\n');
    const { exitCode, stdout } = await (await lakeOfTest()).run(['ingest', 'logs', path]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('rejected as unparsed-line: 1');
  });
});

test('a line of 256 MiB is rejected without being held in memory', async () => {
  const path = join(await folderOfTest(), 'events.ndjson.gz');
  const block = Buffer.alloc(MIB, 'x');
  const blocks = function* () {
    for (let written = 0; written < 256; written++) yield block;
    yield Buffer.from(`\n${event('10:00:00')}\n`);
  };
  await pipeline(blocks, createGzip({ level: 1 }), createWriteStream(path));
  const lake = await lakeOfTest();
  const used = () => memoryUsage().arrayBuffers + memoryUsage().heapUsed;
  const before = used();
  let highest = 0;
  const watch = setInterval(() => (highest = Math.max(highest, used() - before)), 2);
  const { document } = await lake.ingest(['events', path]);
  clearInterval(watch);
  expect(document.rejectedByReason).toEqual({ 'too-long': 1 });
  expect(document.counts.accepted).toBe(1);
  expect(highest).toBeGreaterThan(0);
  expect(highest / MIB).toBeLessThan(128);
});

test.each(KINDS)('fails when a file of %s grows while it is read, and takes it when it is complete', async (kind) => {
  const path = join(await folderOfTest(), FILE_NAMES[kind]);
  const more = GOOD[kind].split('\n').slice(-3).join('\n');
  await writeFile(path, GOOD[kind] + more.repeat(20_000));
  const lake = await lakeOfTest();
  const reading = { isOver: false };
  const growing = (async () => {
    while (!reading.isOver) await appendFile(path, more);
  })();
  const first = await lake.ingest([kind, path]);
  reading.isOver = true;
  await growing;
  expect(first.exitCode).toBe(1);
  expect(first.document.inputs[0]!.message).toContain('changed while it was read');
  expect(await lake.number('SELECT count(*) FROM windowed_metrics')).toBe(0);
  expect(await lake.number('SELECT count(*) FROM traffic_counts')).toBe(0);
  expect((await lake.verify()).exitCode).toBe(0);
  const second = await lake.ingest([kind, path]);
  expect(second.exitCode).toBe(0);
  expect(second.document.counts.accepted).toBeGreaterThan(20_000);
  expect((await lake.verify()).exitCode).toBe(0);
});

test.each(KINDS)(
  'fails when a file of %s is replaced while it is read, and takes the new one next time',
  async (kind) => {
    const folder = await folderOfTest();
    const path = join(folder, FILE_NAMES[kind]);
    const more = GOOD[kind].split('\n').slice(-3).join('\n');
    const reading = { isOver: false };
    await writeFile(path, GOOD[kind] + more.repeat(20_000));
    const replacing = (async () => {
      for (let version = 0; !reading.isOver; version++) {
        const draft = join(folder, `draft-${version}`);
        await writeFile(draft, GOOD[kind] + more.repeat(20_000 + version));
        await rename(draft, path);
      }
    })();
    let lake = await lakeOfTest();
    let first = await lake.ingest([kind, path]);
    // Now and then a version is read whole between two replacements.
    for (let round = 0; first.exitCode === 0 && round < 30; round++) {
      expect((await lake.verify()).exitCode).toBe(0);
      lake = await lakeOfTest();
      first = await lake.ingest([kind, path]);
    }
    reading.isOver = true;
    await replacing;
    expect(first.exitCode).toBe(1);
    expect(first.document.inputs[0]!.message).toContain('changed while it was read');
    expect(await lake.number('SELECT count(*) FROM windowed_metrics')).toBe(0);
    expect(await lake.number('SELECT count(*) FROM traffic_counts')).toBe(0);
    const second = await lake.ingest([kind, path]);
    expect(second.exitCode).toBe(0);
    expect(second.document.counts.accepted).toBeGreaterThan(20_000);
    expect((await lake.verify()).exitCode).toBe(0);
  },
);
