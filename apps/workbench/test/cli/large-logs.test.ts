import { appendFile, copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { call } from './support/records.js';
import { folderOfTest, lakeOfTest, type SmallLake } from './support/small-lake.js';

const DAY = '2024-05-30';
const CALLS = 150_000;
/** Twelve megabytes of them: what is rejected is not held in memory. */
const REJECTED = 3000;

/** A log of more than 20 MB, much of it rejected. */
async function largeLog(name = `order-service-${DAY}.txt`): Promise<string> {
  const good = `${call({ at: `${DAY}T10:00:00Z` })}\n`.repeat(CALLS / REJECTED);
  const bad = `hello ${'x'.repeat(4000)}\n`;
  const path = join(await folderOfTest(), name);
  await writeFile(path, (good + bad).repeat(REJECTED));
  return path;
}

const REPORT = `SELECT source, target, total_requests FROM traffic_reports ORDER BY ALL`;

const rejectedOf = (lake: SmallLake) =>
  lake.rows(
    'SELECT count(*) AS rows, count(DISTINCT line) AS lines, min(line) AS first, max(line) AS last, any_value(input_id) AS id FROM rejected_records',
  );

describe('a large log', () => {
  test('counts every line once, and each rejected one with its input', async () => {
    const lake = await lakeOfTest();
    const { document } = await lake.ingest(['logs', await largeLog()]);
    expect(document.counts).toMatchObject({ read: CALLS + REJECTED, accepted: CALLS, rejected: REJECTED });
    expect(await lake.rows(REPORT)).toEqual([
      { source: 'cart-service', target: 'order-service', total_requests: CALLS },
    ]);
    const [run] = (
      JSON.parse((await lake.run(['runs', '--json'])).stdout) as { runs: { inputs: { inputId: string }[] }[] }
    ).runs;
    expect(await rejectedOf(lake)).toEqual([
      { rows: REJECTED, lines: REJECTED, first: 51, last: CALLS + REJECTED, id: run!.inputs[0]!.inputId },
    ]);
    expect((await lake.run(['verify'])).exitCode).toBe(0);
  });

  test('is nothing to do a second time, under another name too, and counts once when it has grown', async () => {
    const lake = await lakeOfTest();
    const path = await largeLog();
    await lake.ingest(['logs', path]);
    const copy = join(await folderOfTest(), `order-service-${DAY}.txt`);
    await copyFile(path, copy);
    const again = await lake.ingest(['logs', path, copy]);
    expect([again.exitCode, again.document.runs]).toEqual([0, []]);

    await appendFile(path, `${call({ at: `${DAY}T11:00:00Z` })}\n`);
    const grown = await lake.ingest(['logs', path]);
    expect(grown.document.counts).toMatchObject({ read: CALLS + REJECTED + 1, accepted: CALLS + 1 });
    expect(await lake.number('SELECT sum(total_requests) FROM traffic_reports')).toBe(CALLS + 1);
    expect(await lake.number('SELECT count(*) FROM rejected_records')).toBe(REJECTED);
    expect((await lake.run(['verify'])).exitCode).toBe(0);
  });

  test('given twice at once counts once', async () => {
    const lake = await lakeOfTest();
    const path = await largeLog();
    const copy = join(await folderOfTest(), `order-service-${DAY}.txt`);
    await copyFile(path, copy);
    const { document } = await lake.ingest(['logs', path, copy]);
    expect(document.counts).toMatchObject({ read: CALLS + REJECTED, accepted: CALLS, rejected: REJECTED });
    expect(document.inputs.map(({ status }) => status).sort()).toEqual(['ingested', 'unchanged']);
    expect((await lake.run(['verify'])).exitCode).toBe(0);
  });

  test('that is replaced while it is read fails whole', async () => {
    const path = await largeLog();
    const content = await readFile(path);
    // Some replacement meets the reading, however fast the machine is today.
    for (const delayMs of [60, 30, 120, 240, 15, 400]) {
      const lake = await lakeOfTest();
      const other = `${path}.new`;
      await writeFile(path, content);
      await writeFile(other, content.subarray(0, 17 << 20));
      const ingested = lake.ingest(['logs', path]);
      const replaced = sleep(delayMs).then(() => rename(other, path));
      const { exitCode, document } = await ingested;
      await replaced;
      expect((await lake.run(['verify'])).exitCode).toBe(0);
      if (exitCode === 0) continue;
      expect(document.inputs[0]?.status).toBe('failed');
      expect(document.inputs[0]?.message).toContain('changed while it was read');
      expect(await lake.number('SELECT count(*) FROM traffic_reports')).toBe(0);
      return;
    }
    expect.fail('No replacement met the reading.');
  });
});
