import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { call, event, FILE_NAMES, GOOD, HEADER, KINDS, row, visit } from './support/records.js';
import { folderOfTest, lakeOfTest, type SmallLake } from './support/small-lake.js';

async function fileOf(name: string, content: string): Promise<string> {
  const path = join(await folderOfTest(), name);
  await writeFile(path, content);
  return path;
}

async function expectProved(lake: SmallLake): Promise<void> {
  const { exitCode, stdout } = await lake.verify();
  expect(stdout).toContain('Proved');
  expect(exitCode).toBe(0);
}

const windowFiles = (lake: SmallLake) => lake.keys('windowed_metrics');

describe('compact', () => {
  test('merges the files of each day into one and changes nothing for readers', async () => {
    const lake = await lakeOfTest();
    for (let at = 0; at < 4; at++) {
      await lake.ingest([
        'metrics',
        await fileOf(`m${at}.csv`, `${HEADER}\n${row({ from: `1${at}:00`, to: `1${at}:30` })}\n`),
      ]);
      await lake.ingest([
        'events',
        await fileOf(`e${at}.ndjson`, `${event(`1${at}:00:00`)}\n${event('2024-05-30T00:00:00Z')}\n`),
      ]);
    }
    const before = await lake.state();
    expect(await windowFiles(lake)).toHaveLength(12);

    expect((await lake.run(['compact'])).stdout).toContain('12 files of 2 days merged into 2');

    expect(await windowFiles(lake)).toHaveLength(2);
    expect(await lake.state()).toEqual(before);
    expect(
      (await lake.ledger()).filter(({ stage }) => stage === 'compaction').map(({ counts }) => counts.read),
    ).toEqual([4, 8]);
    await expectProved(lake);
    expect((await lake.run(['compact'])).stdout).toBe('Nothing to merge.\n');
  });

  test('takes only the days that are asked for, and leaves files of the wanted size', async () => {
    const lake = await lakeOfTest();
    for (let at = 0; at < 2; at++) {
      await lake.ingest([
        'events',
        await fileOf(`e${at}.ndjson`, `${event('10:00:00', at)}\n${event('2024-05-30T00:00:00Z', at)}\n`),
      ]);
    }
    await lake.run(['compact', '--date', '2024-05-30']);
    expect((await windowFiles(lake)).filter((key) => key.includes('dt=2024-05-30'))).toHaveLength(1);
    expect((await windowFiles(lake)).filter((key) => key.includes('dt=2024-05-31'))).toHaveLength(2);
  });

  test('drops rows for a higher revision of the same input only, and says how many', async () => {
    const lake = await lakeOfTest();
    const path = await fileOf('e.ndjson', `${event('10:00:00', 1)}\n`);
    await lake.ingest(['events', path]);
    // Two streams of the same events are two inputs: none stands for the other.
    const stdin = `${event('10:00:00', 1)}\n${event('10:11:00', 1)}\n`;
    await lake.ingest(['events', '-'], { stdin });
    const before = await lake.state();
    await lake.run(['compact']);
    expect(await lake.state()).toEqual(before);
    expect(await lake.number('SELECT sum(sample_count) FROM windowed_metrics')).toBe(3);
    await expectProved(lake);
  });

  test('lets an input that lies in a merged file grow, be read again, and be forgotten', async () => {
    const lake = await lakeOfTest();
    const path = await fileOf('e.ndjson', `${event('10:00:00', 1)}\n`);
    const other = await fileOf('o.ndjson', `${event('10:01:00', 10)}\n`);
    await lake.ingest(['events', path]);
    await lake.ingest(['events', other]);
    await lake.run(['compact']);
    await writeFile(path, `${event('10:00:00', 1)}\n${event('10:02:00', 100)}\n`);
    await lake.ingest(['events', path]);
    const sum = () => lake.number('SELECT sum(sum_value) FROM windowed_metrics');
    expect(await sum()).toBe(111);
    await expectProved(lake);
    await lake.run(['compact']);
    await lake.ingest(['events', '--force', path]);
    expect(await sum()).toBe(111);
    await lake.run(['compact']);
    expect(await windowFiles(lake)).toHaveLength(1);
    expect((await lake.run(['forget', path])).exitCode).toBe(0);
    expect(await sum()).toBe(10);
    await expectProved(lake);
    const [run] = (await lake.ledger()).slice(-1);
    expect(run).toMatchObject({ stage: 'removal', counts: { read: 2, accepted: 1, outOfRange: 1 } });
  });
});

describe('forget', () => {
  test.each(KINDS)('takes an input of %s out as if it had never come, and it can come again', async (kind) => {
    const lake = await lakeOfTest();
    const bad = kind === 'metrics' ? `${GOOD[kind]}torn\n` : `${GOOD[kind]}torn\n`;
    const kept = await fileOf(FILE_NAMES[kind], bad);
    await lake.ingest([kind, kept]);
    const before = await lake.state();
    const name = kind === 'logs' ? 'search-service-2024-05-31.txt' : `other-${FILE_NAMES[kind]}`;
    const more = {
      metrics: `${HEADER}\n${row({ component: 'x' })}\nbad\n`,
      events: `${event('11:00:00')}\nbad\n`,
      logs: `${call()}\n${visit()}\nbad\n`,
    };
    const path = await fileOf(name, more[kind]);
    await lake.ingest([kind, path]);
    const both = await lake.state();

    const { stdout } = await lake.run(['forget', path]);

    expect(stdout).toContain(`Forgot ${path}`);
    expect(await lake.state()).toEqual(before);
    await expectProved(lake);
    await lake.ingest([kind, path]);
    expect(await lake.state()).toEqual(both);
    await expectProved(lake);
  });

  test('knows a run, an id and the start of an id, and tells what it does not know', async () => {
    const lake = await lakeOfTest();
    const path = await fileOf('e.ndjson', `${event('10:00:00')}\n`);
    const { document } = await lake.ingest(['events', path]);
    const unknown = await lake.run(['forget', 'nothing']);
    expect(unknown.exitCode).toBe(1);
    expect(unknown.stderr).toContain('nothing is neither a run, nor an input, nor an address');
    expect((await lake.run(['forget', document.runs[0]!])).exitCode).toBe(0);
    await lake.ingest(['events', path]);
    const inputId = (await lake.ledger()).at(-1)!.inputs[0]!.inputId;
    expect((await lake.run(['forget', inputId.slice(0, 7)])).exitCode).toBe(1);
    expect((await lake.run(['forget', inputId.slice(0, 8)])).exitCode).toBe(0);
    expect(await lake.number('SELECT count(*) FROM windowed_metrics')).toBe(0);
    expect((await lake.run(['forget', inputId])).exitCode).toBe(1);
    await expectProved(lake);
  });

  test('takes a whole stream out, and not the merging of files', async () => {
    const lake = await lakeOfTest();
    const { document } = await lake.ingest(['events', '-'], { stdin: `${event('10:00:00')}\ntorn\n` });
    await lake.ingest(['events', await fileOf('e.ndjson', `${event('10:00:01')}\n`)]);
    await lake.run(['compact']);
    const compaction = (await lake.ledger()).find(({ stage }) => stage === 'compaction')!.runId;
    expect((await lake.run(['forget', compaction])).stderr).toContain('has nothing in the lake of its own');
    expect((await lake.run(['forget', document.runs[0]!])).exitCode).toBe(0);
    expect(await lake.number('SELECT sum(sample_count) FROM windowed_metrics')).toBe(1);
    expect(await lake.number('SELECT count(*) FROM rejected_records')).toBe(0);
    await expectProved(lake);
  });
});

describe('prune', () => {
  test('removes the days before one from every table but the ledger', async () => {
    const lake = await lakeOfTest();
    for (const kind of KINDS) await lake.ingest([kind, await fileOf(FILE_NAMES[kind], GOOD[kind])]);
    await lake.ingest([
      'events',
      await fileOf('e.ndjson', `${event('2024-05-30T23:59:59Z')}\n${event('10:00:00', 5)}\n`),
    ]);
    await lake.ingest(['logs', await fileOf('cart-service-x.txt', `${call({ at: '2024-05-30T10:00:00Z' })}\n`)]);
    const runs = (await lake.ledger()).length;

    expect((await lake.run(['prune', '--before', '2024-05-31'])).stdout).toContain(
      'Removed the days before 2024-05-31',
    );

    const days = `SELECT DISTINCT dt FROM windowed_metrics UNION SELECT DISTINCT report_date FROM traffic_reports`;
    expect(await lake.rows(days)).toEqual([{ dt: '2024-05-31' }]);
    expect(await lake.ledger()).toHaveLength(runs + 1);
    await expectProved(lake);
    expect((await lake.run(['prune', '--before', '2024-05-31'])).stdout).toContain('holds nothing');
    // The clock of the tests says 1 June: the whole of 31 May is a day old.
    expect((await lake.run(['prune', '--older-than', '1d'])).stdout).toContain('holds nothing');
    expect((await lake.run(['prune', '--older-than', '0d'])).stdout).toContain('Removed the days before 2024-06-01');
    await expectProved(lake);
  });

  test('is not undone by a log that comes later, unless its day is asked for', async () => {
    const lake = await lakeOfTest();
    await lake.ingest(['logs', await fileOf('a.txt', `${call({ at: '2024-05-30T10:00:00Z' })}\n`)]);
    await lake.run(['prune', '--before', '2024-05-31']);
    const path = await fileOf('b.txt', `${call({ at: '2024-05-30T11:00:00Z' })}\n${call()}\n`);
    expect((await lake.ingest(['logs', path])).document.counts).toMatchObject({ read: 2, accepted: 1, outOfRange: 1 });
    expect(await lake.rows('SELECT DISTINCT report_date FROM traffic_reports')).toEqual([
      { report_date: '2024-05-31' },
    ]);
    await lake.ingest(['logs', '--force', '--date', '2024-05-30', path]);
    expect(await lake.number('SELECT count(DISTINCT report_date) FROM traffic_reports')).toBe(2);
    await expectProved(lake);
  });

  test.each([
    [[]],
    [['--older-than', '30d', '--before', '2024-05-31']],
    [['--older-than', '30']],
    [['--before', 'may']],
  ])('refuses %j', async (args) => {
    const lake = await lakeOfTest();
    expect((await lake.run(['prune', ...args])).exitCode).toBe(2);
  });
});

describe('ingest --replace', () => {
  test.each(KINDS)('puts other content of %s in the place of what its address had', async (kind) => {
    const lake = await lakeOfTest();
    const path = await fileOf(FILE_NAMES[kind], GOOD[kind]);
    await lake.ingest([kind, path]);
    const other = {
      metrics: `${HEADER}\n${row({ component: 'x' })}\nbad\n`,
      events: `${event('11:00:00', 3)}\nbad\n`,
      logs: `${call({ source: 'x' })}\nbad\n`,
    };
    await writeFile(path, other[kind]);
    await lake.ingest([kind, '--replace', path]);
    const fresh = await lakeOfTest();
    await fresh.ingest([kind, path]);
    expect(await lake.state()).toEqual(await fresh.state());
    await expectProved(lake);
    // What was replaced is not known any more.
    await writeFile(path, GOOD[kind]);
    expect((await lake.ingest([kind, path])).document.inputs[0]!.status).toBe('ingested');
  });
});

test('a grown log that is read for one day keeps the reports of the others', async () => {
  const lake = await lakeOfTest();
  const first = `${call({ at: '2024-05-30T10:00:00Z' })}\n${call()}\n`;
  const path = await fileOf('a.txt', first);
  await lake.ingest(['logs', path]);
  await writeFile(path, `${first}${call()}\n`);
  await lake.ingest(['logs', '--date', '2024-05-31', path]);
  expect(
    await lake.rows('SELECT report_date, sum(total_requests)::INT AS n FROM traffic_reports GROUP BY 1 ORDER BY 1'),
  ).toEqual([
    { report_date: '2024-05-30', n: 1 },
    { report_date: '2024-05-31', n: 2 },
  ]);
  await expectProved(lake);
});
