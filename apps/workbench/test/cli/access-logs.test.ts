import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NOW_MS } from './support/run-command.js';
import { call, visit } from './support/records.js';
import { folderOfTest, lakeOfTest, type SmallLake } from './support/small-lake.js';

const FIRST = '2024-05-30';
const SECOND = '2024-05-31';
const at = (day: string, time = '10:00:00') => `${day}T${time}Z`;

/** Three calls and a visit on the first day, two calls on the second, and a line that is none. */
const LINES = [
  call({ at: at(FIRST) }),
  call({ at: at(FIRST), status: 503 }),
  call({ at: at(FIRST, '23:59:59.999'), source: 'search-service' }),
  visit({ at: at(FIRST) }),
  call({ at: at(SECOND, '00:00:00'), status: 500 }),
  call({ at: at(SECOND) }),
  'hello',
];

async function logOfTest(lines: readonly string[] = LINES, name = 'order-service-2024-05-30.txt'): Promise<string> {
  const path = join(await folderOfTest(), name);
  await writeFile(path, lines.join('\n'));
  return path;
}

const reportOf = async (lake: SmallLake) =>
  (
    await lake.rows(
      `SELECT report_date, source, target, total_requests, failed_requests FROM traffic_reports ORDER BY ALL`,
    )
  ).map((row) => Object.values(row).join(' '));

const FIRST_DAY = [`${FIRST} cart-service order-service 2 1`, `${FIRST} search-service order-service 1 0`];
const SECOND_DAY = [`${SECOND} cart-service order-service 2 1`];

describe('ingest logs', () => {
  test('reports every day that it finds', async () => {
    const lake = await lakeOfTest();
    const { document } = await lake.ingest(['logs', await logOfTest()]);
    expect(document.counts).toMatchObject({ read: 7, accepted: 5, external: 1, outOfRange: 0, rejected: 1 });
    expect(await reportOf(lake)).toEqual([...FIRST_DAY, ...SECOND_DAY]);
  });

  test('with --date reports that day only and counts the rest as out of range; the other day joins later', async () => {
    const lake = await lakeOfTest();
    const path = await logOfTest();
    const first = await lake.ingest(['logs', path, '--date', FIRST]);
    expect(first.document.counts).toMatchObject({ read: 7, accepted: 3, external: 1, outOfRange: 2, rejected: 1 });
    expect(await reportOf(lake)).toEqual(FIRST_DAY);

    const again = await lake.ingest(['logs', path, '--date', FIRST]);
    expect([again.exitCode, again.document.runs]).toEqual([0, []]);

    const second = await lake.ingest(['logs', path, '--date', SECOND]);
    expect(second.document.counts).toMatchObject({ read: 7, accepted: 2, external: 0, outOfRange: 4, rejected: 1 });
    expect(await reportOf(lake)).toEqual([...FIRST_DAY, ...SECOND_DAY]);
    expect(await lake.number('SELECT count(*) FROM rejected_records')).toBe(1);
    expect((await lake.verify()).exitCode).toBe(0);

    const both = await lake.ingest(['logs', path, '--date', SECOND, '--date', FIRST]);
    expect(both.document.runs).toEqual([]);
  });

  test('without --date takes the days that an earlier run left out', async () => {
    const lake = await lakeOfTest();
    const path = await logOfTest();
    await lake.ingest(['logs', path, '--date', SECOND]);
    const rest = await lake.ingest(['logs', path]);
    expect(rest.document.counts).toMatchObject({ read: 7, accepted: 5 });
    expect(await reportOf(lake)).toEqual([...FIRST_DAY, ...SECOND_DAY]);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('a day without calls has an empty report', async () => {
    const lake = await lakeOfTest();
    const { exitCode } = await lake.ingest(['logs', await logOfTest(), '--date', '2024-05-01']);
    expect(exitCode).toBe(0);
    expect(await lake.keys('traffic_reports')).toEqual(['traffic_reports/report_date=2024-05-01/report.json']);
    expect(await reportOf(lake)).toEqual([]);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('a second file of the same day adds to the report of that day and leaves the other alone', async () => {
    const lake = await lakeOfTest();
    await lake.ingest(['logs', await logOfTest()]);
    const untouched = await readFile(join(lake.root, `traffic_reports/report_date=${FIRST}/report.json`));
    await lake.ingest(['logs', await logOfTest([call({ at: at(SECOND) })], 'order-service-2024-05-31.txt')]);
    expect(await reportOf(lake)).toEqual([...FIRST_DAY, `${SECOND} cart-service order-service 3 1`]);
    expect(await readFile(join(lake.root, `traffic_reports/report_date=${FIRST}/report.json`))).toEqual(untouched);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('the same bytes of two services are two inputs', async () => {
    const lake = await lakeOfTest();
    const line = [call({ at: at(FIRST) })];
    await lake.ingest(['logs', await logOfTest(line), await logOfTest(line, 'audit-service-2024-05-30.txt')]);
    expect(await reportOf(lake)).toEqual([
      `${FIRST} cart-service audit-service 1 0`,
      `${FIRST} cart-service order-service 1 0`,
    ]);
  });

  test('with --include-users reports people as users, without it not', async () => {
    const lake = await lakeOfTest();
    const path = await logOfTest();
    await lake.ingest(['logs', path, '--include-users']);
    expect(await reportOf(lake)).toContain(`${FIRST} users order-service 1 0`);
    expect((await lake.ledger()).at(-1)!.counts).toMatchObject({ accepted: 5, external: 1 });
    expect((await lake.verify()).exitCode).toBe(0);
    await lake.ingest(['logs', path, '--force']);
    expect(await reportOf(lake)).toEqual([...FIRST_DAY, ...SECOND_DAY]);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('the order of files does not matter', async () => {
    const folder = await folderOfTest();
    const paths = ['a', 'b', 'c'].map((name) => join(folder, `${name}.txt`));
    const lines = (place: number) =>
      [call({ path: `/t${place % 2}/x` }), call({ path: '/t0', status: 501 }), visit(), `bad ${place}`, ''].join('\n');
    for (const [place, path] of paths.entries()) await writeFile(path, lines(place));
    const states = [];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      for (const [place, index] of order.entries()) {
        await utimes(paths[index]!, NOW_MS / 1000 + place, NOW_MS / 1000 + place);
      }
      const lake = await lakeOfTest();
      await lake.ingest(['logs', folder]);
      states.push(await lake.state());
      const oneByOne = await lakeOfTest();
      for (const index of order) await oneByOne.ingest(['logs', paths[index]!]);
      states.push(await oneByOne.state());
    }
    expect(states[0]![1]!.length).toBe(2);
    for (const state of states) expect(state).toEqual(states[0]);
  });

  test('--force reads again and changes nothing but the ledger', async () => {
    const lake = await lakeOfTest();
    const path = await logOfTest();
    await lake.ingest(['logs', path]);
    const before = await lake.state();
    const again = await lake.ingest(['logs', path, '--force']);
    expect(again.document.counts.read).toBe(7);
    expect(await lake.state()).toEqual(before);
    expect((await lake.verify()).exitCode).toBe(0);
  });
});
