import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { call, event, FILE_NAMES, HEADER, type Kind, KINDS, row, visit } from './support/records.js';
import { folderOfTest, lakeOfTest } from './support/small-lake.js';

/** Twelve records of each kind, some bad, over two days and several windows. */
const RECORDS: Readonly<Record<Kind, readonly string[]>> = {
  metrics: [
    row(),
    row({ from: '10:05', to: '10:10' }),
    row({ max: 'NaN' }),
    row({ component: 'search' }),
    // The window of the second row again, with another maximum.
    row({ from: '10:05', to: '10:10', max: '7' }),
    'torn',
    row({ from: '10:20', to: '10:30' }),
    row({ component: 'käse' }),
    row({ from: '10:30', to: '10:20' }),
    row({ from: '11:30', to: '11:40' }),
    row({ from: '11:40', to: '11:50' }),
    row({ from: '23:50', to: '23:59' }),
  ],
  events: [
    event('10:00:00', 1),
    event('10:00:01', 5, { eventId: 'a' }),
    event('10:06:00', 2.5),
    'torn',
    event('10:00:02', -4, { eventId: 'a' }),
    event('23:59:59', 8),
    event('2024-06-01T00:00:00Z', 9),
    event('10:03:00', 100),
    '{}',
    event('10:06:00', 0.1),
    event('10:06:01', 0.2),
    event('2024-06-01T00:00:01Z', 3),
  ],
  logs: [
    call(),
    call({ status: 500 }),
    'torn',
    visit(),
    call({ at: '2024-06-01T00:00:00Z' }),
    call({ source: 'search-service' }),
    'hello',
    call(),
    call({ at: '2024-06-01T00:00:00Z', status: 502 }),
    visit({ at: '2024-06-01T00:00:00Z' }),
    call(),
    call({ at: '2024-06-02T00:00:00Z' }),
  ],
};

const contentOf = (kind: Kind, records: readonly string[]) =>
  [...(kind === 'metrics' ? [HEADER] : []), ...records, ''].join('\n');

describe.each(KINDS)('a file of %s that grows', (kind) => {
  test.each(['plain', 'gzip'])(
    'gives at each length what a lake gives that never saw it shorter (%s)',
    async (form) => {
      const path = join(await folderOfTest(), FILE_NAMES[kind] + (form === 'gzip' ? '.gz' : ''));
      const lake = await lakeOfTest();
      const lengths = form === 'gzip' ? [4, 12] : [2, 4, 7, 9, 12];
      for (const length of lengths) {
        const text = contentOf(kind, RECORDS[kind].slice(0, length));
        await writeFile(path, form === 'gzip' ? gzipSync(text) : text);
        const grown = await lake.ingest([kind, path]);
        expect(grown.exitCode).toBe(0);
        expect(grown.document.counts.read).toBe(length);
        const fresh = await lakeOfTest();
        await fresh.ingest([kind, path]);
        expect(await lake.state()).toEqual(await fresh.state());
        expect((await lake.verify()).stdout).toContain('Proved');
      }
      const last = (await lake.ledger()).at(-1)!;
      expect(last.supersedes?.length).toBe(lengths.length - 1);
      const again = await lake.ingest([kind, path]);
      expect(again.document.runs).toEqual([]);
    },
  );

  test('read again by --force still stands for its earlier versions', async () => {
    const path = join(await folderOfTest(), FILE_NAMES[kind]);
    const lake = await lakeOfTest();
    for (const length of [5, 12]) {
      await writeFile(path, contentOf(kind, RECORDS[kind].slice(0, length)));
      await lake.ingest([kind, path]);
    }
    const before = await lake.state();
    expect((await lake.ingest([kind, path, '--force'])).document.counts.read).toBe(12);
    expect(await lake.state()).toEqual(before);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('in the middle is another input: both count', async () => {
    const path = join(await folderOfTest(), FILE_NAMES[kind]);
    const lake = await lakeOfTest();
    await writeFile(path, contentOf(kind, RECORDS[kind].slice(0, 2)));
    await lake.ingest([kind, path]);
    await writeFile(path, contentOf(kind, RECORDS[kind].slice(1, 5)));
    const { document } = await lake.ingest([kind, path]);
    expect(document.inputs[0]!.status).toBe('ingested');
    const ledger = await lake.ledger();
    expect(ledger.map((run) => run.supersedes)).toEqual([undefined, undefined]);
    expect(ledger.map((run) => run.counts.read)).toEqual([2, 4]);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('elsewhere is another input: both count', async () => {
    const folder = await folderOfTest();
    const lake = await lakeOfTest();
    const paths = [join(folder, `a-${FILE_NAMES[kind]}`), join(folder, `b-${FILE_NAMES[kind]}`)] as const;
    await writeFile(paths[0], contentOf(kind, RECORDS[kind].slice(0, 2)));
    await writeFile(paths[1], contentOf(kind, RECORDS[kind]));
    for (const path of paths) await lake.ingest([kind, path]);
    expect((await lake.ledger()).map((run) => run.supersedes)).toEqual([undefined, undefined]);
    expect((await lake.verify()).exitCode).toBe(0);
  });
});

test('events of a grown file count once in each window', async () => {
  const path = join(await folderOfTest(), FILE_NAMES.events);
  const lake = await lakeOfTest();
  for (const length of [1, 3, 12]) {
    await writeFile(path, contentOf('events', RECORDS.events.slice(0, length)));
    await lake.ingest(['events', path]);
  }
  const windows = await lake.rows(
    `SELECT strftime(from_timestamp, '%H:%M') AS at, min_value, max_value, sample_count FROM windowed_metrics_current
    ORDER BY from_timestamp`,
  );
  expect(windows.map((window) => Object.values(window))).toEqual([
    ['10:00', 1, 100, 3],
    ['10:05', 0.1, 2.5, 3],
    ['23:55', 8, 8, 1],
    ['00:00', 3, 9, 2],
  ]);
});
