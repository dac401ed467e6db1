import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  compactLake,
  DuckDbQueryEngine,
  forgetInputs,
  inputsNamed,
  type Lake,
  liveFiles,
  pruneLake,
  verifyLake,
} from '../src/index.js';
import { openLake } from './support/lakes.js';
import { commitWindows, DAY_MS, DAY_ONE_MS } from './support/small-lake.js';
import { changeRun } from './support/tamper.js';
import { temporaryFolder } from './support/temporary-folder.js';

const WINDOW = { minValue: 1, maxValue: 3, sumValue: 6, sampleCount: 3, fromMs: DAY_ONE_MS };
/** Sixty-four hexadecimal digits, as inputs are named. */
const ID = (letter: string) => letter.repeat(64);

async function lakeOfTest(): Promise<Lake> {
  return openLake(join(temporaryFolder(), 'lake'), { create: true });
}

/** An input of events as the pipelines write it: its files carry its id. */
async function commitInput(lake: Lake, letter: string, windows = [WINDOW], partId = ID(letter)): Promise<void> {
  await commitWindows(lake, `run-${letter}`, windows, {
    account: 'samples',
    inputId: ID(letter),
    partId,
    name: `stream-${ID(letter)}`,
  });
}

async function rowsOf(lake: Lake, sql: string) {
  const engine = await DuckDbQueryEngine.open(lake.root);
  try {
    return (await engine.query(sql)).rows;
  } finally {
    await engine.close();
  }
}

const CURRENT = 'SELECT * EXCLUDE (emitted_at) FROM windowed_metrics_current ORDER BY ALL';

const windowFiles = async (lake: Lake) =>
  [...liveFiles((await lake.ledger()).runs).keys()].filter((key) => key.startsWith('windowed_metrics/'));

async function problemsOf(lake: Lake): Promise<string[]> {
  return (await verifyLake(lake)).problems.map(({ subject, message }) => `${subject}: ${message}`);
}

describe('compactLake', () => {
  it('writes files that lack a column anew, with it, the only one of a day too and whatever its size', async () => {
    const lake = await lakeOfTest();
    await commitWindows(lake, 'old', [WINDOW], { lacks: ['sum_value'] });
    const nextDay = { ...WINDOW, fromMs: DAY_ONE_MS + DAY_MS };
    await commitWindows(lake, 'new', [nextDay]);
    // The reader takes the columns of the first file for those of all.
    await expect(rowsOf(lake, 'SELECT sum_value FROM windowed_metrics')).rejects.toThrow('sum_value');

    const runs = await compactLake(lake, { targetBytes: 1 });

    expect(runs.map(({ days, counts }) => [days, counts.read, counts.accepted])).toEqual([[['2024-03-01'], 1, 1]]);
    expect(await rowsOf(lake, 'SELECT sum_value, sample_count FROM windowed_metrics ORDER BY dt')).toEqual([
      [null, 3],
      [6, 3],
    ]);
    expect(await problemsOf(lake)).toEqual([]);
    expect(await compactLake(lake, { targetBytes: 1 })).toEqual([]);
  });

  it('is not kept from its work by a damaged file of another day, nor by one that no run has written', async () => {
    const lake = await lakeOfTest();
    await commitInput(lake, 'a');
    await commitInput(lake, 'b');
    await commitWindows(lake, 'large', [{ ...WINDOW, fromMs: DAY_ONE_MS + DAY_MS }]);
    const ofNextDay = (await windowFiles(lake)).find((key) => key.includes('2024-03-02'))!;
    writeFileSync(join(lake.root, ofNextDay), 'no Parquet');
    writeFileSync(join(lake.root, 'windowed_metrics/dt=2024-03-01/stray.parquet'), 'no Parquet');

    expect((await compactLake(lake)).map(({ days, counts }) => [days, counts.accepted])).toEqual([[['2024-03-01'], 2]]);
  });

  it('drops rows for a higher revision of the same part of the same input, and for nothing else', async () => {
    const lake = await lakeOfTest();
    await commitInput(lake, 'a', [WINDOW, { ...WINDOW, sumValue: 9, revision: 1 } as typeof WINDOW]);
    // The same window of another input, and a later window of the same one.
    await commitInput(lake, 'b', [WINDOW, { ...WINDOW, fromMs: DAY_ONE_MS + 300_000 }]);
    const before = await rowsOf(lake, CURRENT);

    const [run] = await compactLake(lake);

    expect(run).toMatchObject({ stage: 'compaction', counts: { read: 4, accepted: 3, duplicate: 1 }, rowsWritten: 3 });
    expect(await rowsOf(lake, CURRENT)).toEqual(before);
    expect(await rowsOf(lake, 'SELECT input_id, revision, sum_value FROM windowed_metrics ORDER BY ALL')).toEqual([
      [ID('a'), 1, 9],
      [ID('b'), 0, 6],
      [ID('b'), 0, 6],
    ]);
    expect(await problemsOf(lake)).toEqual([]);
  });

  it('keeps the rows of repeated deliveries: only a higher revision takes a row out', async () => {
    const lake = await lakeOfTest();
    await commitInput(lake, 'a', [WINDOW, WINDOW], '');
    await commitInput(lake, 'b', [WINDOW], '');
    const [run] = await compactLake(lake);
    expect(run!.counts).toMatchObject({ read: 3, accepted: 3, duplicate: 0 });
  });

  it('makes files of about the wanted size, and leaves larger ones alone', async () => {
    const lake = await lakeOfTest();
    for (const letter of 'abcdef') await commitInput(lake, letter);
    const bytes = Math.max(...[...liveFiles((await lake.ledger()).runs).values()].map(({ output }) => output.bytes));
    expect(await compactLake(lake, { targetBytes: bytes - 1000 })).toEqual([]);
    const [run] = await compactLake(lake, { targetBytes: bytes + 1 });
    expect(run!.outputs).toHaveLength(3);
    expect(await windowFiles(lake)).toHaveLength(3);
    expect(await problemsOf(lake)).toEqual([]);
  });

  it('begins anew when a file it merged was taken out meanwhile', async () => {
    const lake = await lakeOfTest();
    for (const letter of 'abc') await commitInput(lake, letter);
    const other = await openLake(lake.root);
    let forgotten = false;
    // What the lake does first under its lock is the commit: before it another command forgets an input.
    const locked = lake.locked.bind(lake);
    lake.locked = async (work) => {
      if (!forgotten) {
        forgotten = true;
        await forgetInputs(other, (runs) => inputsNamed(runs, ID('b')));
      }
      return locked(work);
    };

    const [run] = await compactLake(lake);

    expect(run!.counts.read).toBe(2);
    expect(await rowsOf(lake, 'SELECT DISTINCT input_id FROM windowed_metrics ORDER BY ALL')).toEqual([
      [ID('a')],
      [ID('c')],
    ]);
    expect(await problemsOf(lake)).toEqual([]);
  });

  it('does its days one by one, and stops between them', async () => {
    const lake = await lakeOfTest();
    for (const letter of 'ab') await commitInput(lake, letter, [WINDOW, { ...WINDOW, fromMs: DAY_ONE_MS + DAY_MS }]);
    const stop = new AbortController();
    const days: string[] = [];
    const done = compactLake(lake, {
      signal: stop.signal,
      onProgress: (day) => {
        days.push(day);
        if (days.length === 2) stop.abort();
      },
    });
    await expect(done).rejects.toThrow();
    expect(days).toEqual(['2024-03-01', '2024-03-02']);
    expect(await windowFiles(lake)).toHaveLength(3);
    expect(await problemsOf(lake)).toEqual([]);
  });
});

describe('verify', () => {
  it.each([
    ['read', 'Rows of the files that were merged, against rows read: 2 against 3.'],
    ['accepted', 'Rows of the merged files, against rows kept: 2 against 3.'],
  ] as const)('holds what a compaction says it has %s against the files', async (name, message) => {
    const lake = await lakeOfTest();
    for (const letter of 'ab') await commitInput(lake, letter);
    const [run] = await compactLake(lake);
    await changeRun(lake, run!.runId, ({ counts }) => ({ counts: { ...counts, [name]: counts[name] + 1 } }));
    expect(await problemsOf(lake)).toContain(`${run!.runId}: ${message}`);
  });

  it('holds what was forgotten and what was pruned against the files that were there', async () => {
    const lake = await lakeOfTest();
    for (const letter of 'abc') await commitInput(lake, letter, [WINDOW, { ...WINDOW, fromMs: DAY_ONE_MS + DAY_MS }]);
    await compactLake(lake);
    const { run: forgotten } = await forgetInputs(lake, (runs) => inputsNamed(runs, ID('b')));
    const pruned = (await pruneLake(lake, '2024-03-02'))!;
    expect(pruned.counts).toMatchObject({ read: 2, outOfRange: 2 });
    expect(forgotten.rewritten).toEqual({ read: 6, kept: 4, takenOut: 2 });
    expect(await problemsOf(lake)).toEqual([]);
    await changeRun(lake, forgotten.runId, () => ({ rewritten: { read: 6, kept: 3, takenOut: 3 } }));
    await changeRun(lake, pruned.runId, ({ counts }) => ({ counts: { ...counts, read: 1, outOfRange: 1 } }));
    expect((await problemsOf(lake)).sort()).toEqual(
      [
        `${forgotten.runId}: Rows of the files written anew, against rows kept: 4 against 3.`,
        `${pruned.runId}: Rows of the files that were removed or written anew, against rows read: 2 against 1.`,
      ].sort(),
    );
  });

  it('names a file that a run has taken out and that is back', async () => {
    const lake = await lakeOfTest();
    await commitInput(lake, 'a');
    const [key] = await windowFiles(lake);
    const { run } = await forgetInputs(lake, (runs) => inputsNamed(runs, ID('a')));
    writeFileSync(join(lake.root, key!), 'back');
    expect(await problemsOf(lake)).toEqual([
      `${key}: Run ${run.runId} has taken this file out; it is back. verify --fix removes it.`,
    ]);
  });
});

describe('a run with several commits', () => {
  it('keeps its account when a file of its first commit is merged before its second', async () => {
    const lake = await lakeOfTest();
    await commitInput(lake, 'a');
    await commitInput(lake, 'b');
    const { runs } = await lake.ledger();
    const first = runs.find(({ runId }) => runId === 'run-a')!;
    await compactLake(lake);
    // Its second commit lists the first one's file again, by the number of the commit that wrote it.
    await changeRun(lake, 'run-a', () => ({
      sequence: 9,
      outputs: first.outputs.map((output) => ({ ...output, sequence: first.sequence! })),
    }));
    expect(await problemsOf(lake)).toEqual([]);
  });
});
