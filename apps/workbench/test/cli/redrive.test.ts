import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { event, HEADER, row } from './support/records.js';
import { folderOfTest, lakeOfTest } from './support/small-lake.js';

/** Hours after the last event, all others have closed windows: what follows them is late. */
const LATER = event('23:00:00', 1, { eventId: 'later' });

/** Windows and traffic as readers see them; rejected records stay. */
async function resultOf(lake: Awaited<ReturnType<typeof lakeOfTest>>) {
  const [windows, traffic] = await lake.state();
  return { windows, traffic };
}

interface RedriveDocument {
  readonly runId?: string;
  readonly counts: { readonly read: number; readonly accepted: number; readonly duplicate: number };
  readonly alreadyRedriven: number;
  readonly stillRejected: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly inputsReadAgain: readonly { readonly path: string; readonly status: string }[];
}

async function redrive(lake: Awaited<ReturnType<typeof lakeOfTest>>, ...args: string[]): Promise<RedriveDocument> {
  const { exitCode, stdout, stderr } = await lake.run(['redrive', ...args, '--json']);
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as RedriveDocument;
}

async function eventsFile(name: string, lines: readonly string[]): Promise<string> {
  const path = join(await folderOfTest(), name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

describe('redrive --reason late', () => {
  test('brings late events home: the lake is as if they had come in time', async () => {
    const punctual = [event('10:00:00', 1), event('10:01:00', 5), event('10:06:00', 3)];
    const late = [event('10:02:00', 9), event('10:03:00', -4), event('10:07:00', 0.5)];
    const lake = await lakeOfTest();
    await lake.ingest(['events', '--mode', 'streaming', await eventsFile('e.ndjson', [...punctual, LATER, ...late])]);
    const inTime = await lakeOfTest();
    await inTime.ingest(['events', await eventsFile('e.ndjson', [...punctual, ...late, LATER])]);
    expect(await resultOf(lake)).not.toEqual(await resultOf(inTime));

    const first = await redrive(lake, '--reason', 'late');

    expect(first.counts).toMatchObject({ read: 3, accepted: 3, duplicate: 0 });
    expect(await resultOf(lake)).toEqual(await resultOf(inTime));
    expect((await lake.verify()).exitCode).toBe(0);

    const second = await redrive(lake, '--reason', 'late');
    expect(second).toMatchObject({ counts: { read: 0 }, alreadyRedriven: 3 });
    expect(second.runId).toBeUndefined();
    expect(await resultOf(lake)).toEqual(await resultOf(inTime));
  });

  test('counts an id once over all redriven records, of earlier redrives too', async () => {
    const late = event('10:02:00', 9, { eventId: 'retry' });
    const lake = await lakeOfTest();
    await lake.ingest(['events', '--mode', 'streaming', await eventsFile('a.ndjson', [LATER, late, late])]);
    expect((await redrive(lake)).counts).toMatchObject({ read: 2, accepted: 1, duplicate: 1 });
    await lake.ingest(['events', '--mode', 'streaming', await eventsFile('b.ndjson', [LATER, late])]);

    const second = await redrive(lake);

    expect(second).toMatchObject({ counts: { read: 1, accepted: 0, duplicate: 1 }, alreadyRedriven: 2 });
    expect(await lake.number(`SELECT sum(sample_count) FROM windowed_metrics WHERE part_id LIKE 'redrive:%'`)).toBe(1);
    expect((await lake.verify()).exitCode).toBe(0);
    expect((await redrive(lake)).counts.read).toBe(0);
  });

  test('is taken back when the input is read again, and can be done again then', async () => {
    const lake = await lakeOfTest();
    const path = await eventsFile('e.ndjson', [event('10:00:00', 1), LATER, event('10:02:00', 9)]);
    await lake.ingest(['events', '--mode', 'streaming', path]);
    await redrive(lake);
    const home = await resultOf(lake);

    await lake.ingest(['events', '--mode', 'streaming', '--force', path]);

    expect(await lake.number(`SELECT count(*) FROM windowed_metrics WHERE part_id LIKE 'redrive:%'`)).toBe(0);
    expect((await redrive(lake)).counts).toMatchObject({ read: 1, accepted: 1 });
    expect(await resultOf(lake)).toEqual(home);
    // Read as a whole nothing is late: the redriven part would count the event twice.
    await lake.ingest(['events', '--force', path]);
    expect(await resultOf(lake)).toEqual(home);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('brings them home into a day that was compacted, and compaction keeps them', async () => {
    const lake = await lakeOfTest();
    const path = await eventsFile('e.ndjson', [event('10:00:00', 1), LATER, event('10:02:00', 9)]);
    await lake.ingest(['events', '--mode', 'streaming', path]);
    await lake.ingest(['events', await eventsFile('other.ndjson', [event('10:01:00', 7)])]);
    await lake.run(['compact']);
    await redrive(lake);
    const home = await resultOf(lake);
    await lake.run(['compact']);
    expect(await resultOf(lake)).toEqual(home);
    expect((await redrive(lake)).counts.read).toBe(0);

    // The redriven part lies in a merged file now, and must leave it.
    await lake.ingest(['events', '--force', path]);

    expect(await lake.number(`SELECT count(*) FROM windowed_metrics WHERE part_id LIKE 'redrive:%'`)).toBe(0);
    expect(await resultOf(lake)).toEqual(home);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('takes what is chosen by reason, stage and day, and leaves the rest', async () => {
    const lake = await lakeOfTest();
    await lake.ingest([
      'events',
      '--mode',
      'streaming',
      await eventsFile('e.ndjson', [LATER, event('10:02:00', 9), event('2024-06-02T00:00:00Z', 2), 'torn']),
    ]);
    expect((await redrive(lake, '--stage', 'metrics-etl')).counts.read).toBe(0);
    expect((await redrive(lake, '--to', '2001-01-01')).counts.read).toBe(0);
    expect(await redrive(lake, '--reason', 'future')).toMatchObject({
      counts: { read: 0 },
      stillRejected: { future: 1 },
    });
    const later = await redrive(lake, '--now', '2024-06-02T00:00:00Z', '--reason', 'future', '--from', '2001-01-01');
    expect(later.counts).toMatchObject({ read: 1, accepted: 1 });
    // An earlier clock does not send it away again.
    expect(await redrive(lake, '--reason', 'future')).toMatchObject({ counts: { read: 0 }, alreadyRedriven: 1 });
    expect(await redrive(lake)).toMatchObject({ counts: { read: 1 }, stillRejected: { malformed: 1 } });
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('brings future events of a batch home as source batch', async () => {
    const lake = await lakeOfTest();
    const path = join(await folderOfTest(), 'plain.csv');
    await writeFile(
      path,
      'componentName,metricName,unit,value,publicationTimestamp\ncart,cpu,percent,7,2024-06-02T00:00:00Z\n',
    );
    await lake.ingest(['metrics', path]);
    expect((await redrive(lake, '--now', '2024-06-03T00:00:00Z')).counts.read).toBe(1);
    expect(await lake.rows('SELECT source, sum_value FROM windowed_metrics')).toEqual([
      { source: 'batch', sum_value: 7 },
    ]);
  });
});

describe('redrive of records that only their input can tell', () => {
  test('counts rows of CSV that still cannot be used, and says of cut ones what to do', async () => {
    const lake = await lakeOfTest();
    const path = join(await folderOfTest(), 'cart-service.csv');
    await writeFile(path, `${HEADER}\n${row()}\n${row({ max: 'NaN' })}\ntorn\n${'x'.repeat(20_000)}\n`);
    await lake.ingest(['metrics', path]);

    const document = await redrive(lake);

    expect(document.stillRejected).toEqual({ 'not-finite': 1, malformed: 1 });
    expect(document.notes).toHaveLength(1);
    expect(document.notes[0]).toContain(`1 rejected record of ${path}`);
    expect(document.notes[0]).toContain(`pulselake ingest metrics --force ${path}`);
    expect(document.inputsReadAgain).toEqual([]);
  });

  test('says so when the input is gone', async () => {
    const lake = await lakeOfTest();
    const folder = await folderOfTest();
    const path = join(folder, 'cart-service.csv');
    await writeFile(path, `${HEADER}\ntorn\n`);
    await lake.ingest(['metrics', path]);
    await writeFile(path, '');
    expect((await redrive(lake)).notes[0]).toContain('too little of them was kept');
  });
});
