import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NOW_MS } from '../cli/support/run-command.js';
import { expectedSample } from '../cli/support/samples.js';
import { LATE_EVENTS } from '../athena/support/late-events.js';
import { makeFolder, SmallLake } from '../cli/support/small-lake.js';
import { launchBrowser } from './support/browser.js';
import { expectNoFaults, figuresOf, openPage, tableOf } from './support/open-page.js';
import { servedLake, type ServedLake } from './support/seeded-lake.js';

let served: ServedLake;
let launched: Awaited<ReturnType<typeof launchBrowser>>;
beforeAll(async () => {
  [served, launched] = await Promise.all([servedLake(), launchBrowser()]);
});
afterAll(() => Promise.all([served.close(), launched.close()]));

/** The day that the runs of the seeded lake started on. */
const DAY = new Date(NOW_MS).toISOString().slice(0, 10);
const RUNS = `?view=health&from=${DAY}T00:00:00Z&to=${DAY}T23:59:59Z`;
const open = (search: string, options = {}) => openPage(launched.browser, `${served.url}/${search}`, options);

describe('the health of the pipelines', () => {
  test('shows where every record went, by stage, and that the books balance', async () => {
    const opened = await open(RUNS);
    const { page } = opened;
    const sum = (rows: Record<string, string>[], name: string) =>
      rows.reduce((total, row) => total + Number(row[name]), 0);
    const windows = sum(await expectedSample('metrics-csv-rows-per-component-and-day'), 'rows') + 12;
    const lines = sum(await expectedSample('log-lines-per-file'), 'lines');
    const rows = [
      { stage: 'metrics-etl', read: windows },
      { stage: 'stream-windows', read: 804 },
      { stage: 'traffic-report', read: lines },
    ];
    await page.locator('.balances li').first().waitFor();
    const balances = await page.locator('.balances li').allInnerTexts();
    const plain = balances.map((text) => text.replaceAll(/\s+/g, ' '));
    rows.forEach(({ stage, read }, index) => {
      expect(plain[index]).toContain(`${stage} ${read.toLocaleString('en')} read balanced`);
    });
    // Each bar's parts add up to what was read.
    for (const text of plain) {
      const [read, ...parts] = [...text.matchAll(/([\d,]+) (?:read|accepted|duplicate|people|out of|rejected)/g)].map(
        ([, digits = '']) => Number(digits.replaceAll(',', '')),
      );
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(read);
    }
    const figures = await figuresOf(page);
    const runs = await served.lake.number('SELECT count(*) FROM pipeline_runs');
    expect(figures).toMatchObject({ Runs: String(runs), Rejected: '4', 'Unaccounted for': '0' });
    expectNoFaults(opened);
    await opened.close();
  });

  test('shows rejected records by reason, with the text as it came', async () => {
    const opened = await open(RUNS);
    const { page } = opened;
    await page.locator('.reasons button').first().waitFor();
    const reasons = await page
      .locator('.reasons .reason-name')
      .evaluateAll((names) =>
        names.map((name) => (name as unknown as { firstChild: { textContent: string } }).firstChild.textContent),
      );
    expect(reasons.toSorted()).toEqual(['bad-timestamp', 'malformed', 'missing-field', 'wrong-type']);
    await expect.poll(() => page.locator('.reasons .reason-count').allInnerTexts()).toEqual(['1', '1', '1', '1']);
    await page.getByRole('button', { name: /^bad-timestamp/ }).click();
    await expect.poll(async () => (await tableOf(page, 'Rejected records')).length).toBe(1);
    const [cells = []] = await tableOf(page, 'Rejected records');
    expect(cells).toContainEqual(
      '{"componentName":"it\'s \\"cart\\"","metricName":"<b>m</b>","unit":"ms","value":1,"publicationTimestamp":"yesterday"}',
    );
    expect(page.url()).toContain('reason=bad-timestamp');
    expectNoFaults(opened);
    await opened.close();
  });

  test('says of the panel of examples that the chosen reason has none, and lets it go', async () => {
    const opened = await open(`${RUNS}&reason=late`);
    const { page } = opened;
    const card = page.getByRole('region', { name: 'Rejected records', exact: true });
    await card.getByText('No rejected records match the filters').waitFor();
    await card.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(async () => (await tableOf(page, 'Rejected records')).length).toBe(4);
    expectNoFaults(opened);
    await opened.close();
  });

  test('lists the windows that were corrected, and the events that came too late', async () => {
    const folder = await makeFolder();
    const lake = new SmallLake(join(folder, 'lake'));
    const path = join(folder, 'late.ndjson');
    await writeFile(path, LATE_EVENTS);
    await lake.ingest(['events', path, '--mode', 'streaming']);
    const late = await servedLake(Promise.resolve({ folder, lake }));
    const opened = await openPage(launched.browser, `${late.url}/?view=health&from=2024-03-01&to=2032-12-31`);
    const { page } = opened;
    const texts = async (caption: string) => (await tableOf(page, caption)).map((cells) => cells.join(' | '));
    await expect
      .poll(() => texts('Corrected windows'))
      .toEqual([
        expect.stringMatching(
          /^\d+ \w+, \d\d:\d\d \| tardy \| cpu \| 2 Mar, 10:00 \| 2 Mar, 10:05 \| stream \| 1 \| 1 \| 7 \| percent \| 3$/,
        ),
      ]);
    await expect
      .poll(() => texts('Late events'))
      .toEqual([expect.stringMatching(/^2 Mar, 10:02 \| tardy \| cpu \| \d+ days \| \{"componentName":"tardy"/)]);
    await expect.poll(() => figuresOf(page)).toMatchObject({ 'Late events': '1', 'Windows corrected': '1' });
    expectNoFaults(opened);
    await Promise.all([opened.close(), late.close()]);
  });

  test('keeps sort and filter of its tables in the address', async () => {
    const opened = await open(RUNS);
    const { page } = opened;
    const stages = async () => (await tableOf(page, 'Runs')).map((cells) => cells[2]);
    await page.getByRole('table', { name: 'Runs', exact: true }).getByRole('button', { name: 'Read' }).click();
    await page.getByLabel('Filter Runs').fill('metrics-etl');
    await expect.poll(async () => new Set(await stages())).toEqual(new Set(['metrics-etl']));
    const reads = (await tableOf(page, 'Runs')).map((cells) => Number(cells[4]?.replaceAll(',', '')));
    expect(reads.length).toBeGreaterThan(1);
    expect(reads).toEqual(reads.toSorted((a, b) => b - a));
    const shown = await tableOf(page, 'Runs');
    await page.reload();
    await expect.poll(() => tableOf(page, 'Runs')).toEqual(shown);
    expect(await page.getByLabel('Filter Runs').inputValue()).toBe('metrics-etl');
    await page.getByRole('table', { name: 'Runs', exact: true }).getByRole('button', { name: 'Read' }).click();
    await expect.poll(() => tableOf(page, 'Runs')).toEqual(shown.toReversed());
    await page.goBack();
    await expect.poll(() => tableOf(page, 'Runs')).toEqual(shown);
    // The other tables are as they were.
    expect(await tableOf(page, 'Rejected records')).toHaveLength(4);
    expectNoFaults(opened);
    await opened.close();
  });

  test('says that nothing ran in the range, and leads to where something did', async () => {
    const opened = await open('?view=health&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z');
    const { page } = opened;
    await page.getByRole('heading', { name: 'No runs in this range' }).waitFor();
    await page.getByRole('button', { name: 'Show the range of the data' }).click();
    await expect.poll(async () => (await figuresOf(page))['Unaccounted for']).toBe('0');
    expectNoFaults(opened);
    await opened.close();
  });
});

describe('the live feed', () => {
  test('brings new windows without a reload', async () => {
    const from = '2024-03-20T10:00:00Z';
    const opened = await open(`?view=metrics&from=${from}&to=2024-03-20T11:00:00Z`);
    const { page } = opened;
    await page.getByRole('heading', { name: 'No windows in this range' }).waitFor();
    await page.locator('.live', { hasText: /Live|Connected/ }).waitFor();
    const path = join(served.lake.root, 'landing', 'metrics', 'late.csv');
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(
      path,
      `componentName,metricName,unit,fromTimestamp,toTimestamp,minValue,maxValue,sumValue,sampleCount\nnew,wait,ms,${from},2024-03-20T10:05:00Z,1,3,6,3\n`,
    );
    await expect.poll(() => page.locator('.legend-value').allInnerTexts(), { timeout: 20_000 }).toEqual(['2']);
    expectNoFaults(opened);
    await opened.close();
  });

  test('says that it is lost, and comes back by itself', async () => {
    const opened = await open(RUNS);
    const { page } = opened;
    // An answer that ends after its first event: the server went away.
    const hello = 'event: hello\ndata: {"at":"2024-06-01T12:00:00Z","heartbeatMs":10000,"live":false}\n\n';
    await page.route('**/api/live', (route) => route.fulfill({ contentType: 'text/event-stream', body: hello }));
    await page.reload();
    await page.locator('.live', { hasText: 'Connection lost' }).waitFor();
    await page.unroute('**/api/live');
    await page.locator('.live[data-state=quiet]', { hasText: 'Live' }).waitFor();
    expectNoFaults(opened);
    await opened.close();
  });
});
