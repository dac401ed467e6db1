import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedSample } from '../cli/support/samples.js';
import { launchBrowser } from './support/browser.js';
import { expectNoFaults, figuresOf, openPage, tableOf } from './support/open-page.js';
import { servedLake, type ServedLake } from './support/seeded-lake.js';

let served: ServedLake;
let launched: Awaited<ReturnType<typeof launchBrowser>>;
beforeAll(async () => {
  [served, launched] = await Promise.all([servedLake(), launchBrowser()]);
});
afterAll(() => Promise.all([served.close(), launched.close()]));

const HALF_HOUR = '?view=metrics&from=2024-03-12T10:00:00Z&to=2024-03-12T10:30:00Z';
const open = (search: string, options = {}) => openPage(launched.browser, `${served.url}/${search}`, options);

const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** What is drawn of a metric, as the CSV that the page offers. */
async function csvOf(page: Page, metric: string): Promise<Record<string, string>[]> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `${metric} as CSV` }).click(),
  ]);
  const [header = '', ...lines] = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [names[index]!, value])));
}

describe('the metrics', () => {
  test('tell a series with sums, one without and a mixed one apart, in chart, legend, table and file', async () => {
    const opened = await open(HALF_HOUR);
    const { page } = opened;
    await expect
      .poll(() => figuresOf(page))
      .toMatchObject({
        Components: '3',
        Windows: '12',
        Samples: '20',
        'Without average': '6',
      });
    const entries = card(page, 'wait in ms').locator('.legend button');
    await entries.first().waitFor();
    const legend = await entries.allInnerTexts();
    expect(legend.map((text) => text.split(/\s{2,}|\n/))).toEqual([
      ['bare', '1 – 9'],
      ['full', '16'],
      ['mixed', '60'],
    ]);
    expect(await card(page, 'wait in ms').locator('.chart-note').innerText()).toBe(
      'No average delivered for bare: the band shows minimum to maximum. The average of mixed has gaps where none was delivered.',
    );
    const rows = await csvOf(page, 'wait');
    const averages = (series: string) =>
      rows.filter((row) => row['series'] === series).map(({ time, average }) => `${time!.slice(11, 16)} ${average!}`);
    expect(averages('full')).toEqual(['10:00 15', '10:05 20', '10:10 10', '10:25 16']);
    expect(averages('bare')).toEqual(['10:00 ', '10:05 ', '10:10 ', '10:25 ']);
    expect(averages('mixed')).toEqual(['10:00 60', '10:05 ', '10:10 60', '10:25 ']);
    const table = await tableOf(page, 'Every metric in the range');
    expect(table.map((cells) => cells.join(' | '))).toEqual([
      'bare | wait | batch | 1 | not delivered | 9 | ms | – | 4 | 12 Mar, 10:30',
      'full | wait | batch | 8 | 15.47 | 40 | ms | 15 | 4 | 12 Mar, 10:30',
      'mixed | wait | batch | 40 | not delivered | 90 | ms | – | 4 | 12 Mar, 10:30',
    ]);
    expectNoFaults(opened);
    await opened.close();
  });

  test('show all series beside the pointer', async () => {
    const opened = await open(HALF_HOUR);
    const { page } = opened;
    const canvas = card(page, 'wait in ms').locator('canvas').first();
    await canvas.waitFor();
    const box = (await canvas.boundingBox())!;
    // Two fifths of the way from 10:00 to 10:30 are the window from 10:10.
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await page.mouse.move(box.x + box.width * 0.38, box.y + box.height / 2);
    const tip = page.locator('.tip-box').first();
    await tip.waitFor();
    const rows = await tip.locator('tr').allInnerTexts();
    expect(rows.slice(1).map((row) => row.trim().split(/\t\s*/))).toEqual([
      ['bare', 'not delivered', '3 – 7', '–'],
      ['full', '10', '8 – 20', '4'],
      ['mixed', '60', '55 – 65', '3'],
    ]);
    expectNoFaults(opened);
    await opened.close();
  });

  test('draw the windows that an independent program counted from the same events', async () => {
    const expected = (await expectedSample('windows-5min-all-events')).filter(
      ({ componentName, metricName }) => componentName === 'order-service' && metricName === 'cpu-usage',
    );
    expect(expected.length).toBe(10);
    const opened = await open(
      '?view=metrics&from=2024-03-10T23:00:00Z&to=2024-03-11T03:00:00Z&component=order-service&metric=cpu-usage',
    );
    const rows = await csvOf(opened.page, 'cpu-usage');
    expect(rows.map(({ time }) => time)).toEqual(
      expected.map(({ windowStart }) => new Date(windowStart!).toISOString()).sort(),
    );
    const byTime = new Map(rows.map((row) => [row['time'], row]));
    for (const { windowStart, minValue, maxValue, avgValue, count } of expected) {
      const drawn = byTime.get(new Date(windowStart!).toISOString())!;
      expect([drawn['minimum'], drawn['maximum'], drawn['samples']].map(Number)).toEqual(
        [minValue, maxValue, count].map(Number),
      );
      expect(Number(drawn['average'])).toBeCloseTo(Number(avgValue), 9);
    }
    expectNoFaults(opened);
    await opened.close();
  });

  test('show a day of files without sums as a band, with the extremes that an independent program found', async () => {
    const opened = await open(
      '?view=metrics&from=2024-02-29T00:00:00Z&to=2024-02-29T23:59:59Z&component=audit-service&metric=cpu-usage',
    );
    const { page } = opened;
    expect(await card(page, 'cpu-usage in percent').locator('.chart-note').innerText()).toContain(
      'No average delivered for audit-service',
    );
    const day = (await expectedSample('metrics-csv-per-metric-and-day')).find(
      (row) =>
        row['componentName'] === 'audit-service' && row['metricName'] === 'cpu-usage' && row['day'] === '2024-02-29',
    )!;
    const rows = await csvOf(page, 'cpu-usage');
    expect(rows).toHaveLength(Number(day['rows']));
    expect(Math.min(...rows.map((row) => Number(row['minimum'])))).toBe(Number(day['minOfMin']));
    expect(Math.max(...rows.map((row) => Number(row['maximum'])))).toBe(Number(day['maxOfMax']));
    expect(new Set(rows.map((row) => row['average']))).toEqual(new Set(['']));
    expectNoFaults(opened);
    await opened.close();
  });

  test('are zoomed by a mark with the pointer, and back again without asking anew', async () => {
    const opened = await open(HALF_HOUR);
    const { page, asked } = opened;
    const canvas = card(page, 'wait in ms').locator('canvas').first();
    await canvas.waitFor();
    await tableOf(page, 'Every metric in the range');
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 70, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL((url) => !url.search.includes('10%3A30%3A00Z'));
    const ends = new URL(page.url()).searchParams;
    expect(ends.get('from')).toMatch(/^2024-03-12T10:0[6-9]/);
    expect(ends.get('to')).toMatch(/^2024-03-12T10:1[3-6]/);
    await expect.poll(async () => (await figuresOf(page))['Windows']).toBe('3');
    const before = asked.length;
    await page.getByRole('button', { name: '← Back' }).click();
    await expect.poll(async () => (await figuresOf(page))['Windows']).toBe('12');
    expect(asked.slice(before).filter((path) => path.startsWith('/api/'))).toEqual([]);
    expectNoFaults(opened);
    await opened.close();
  });

  test('are narrowed by a picker with search, by keyboard alone', async () => {
    const opened = await open(HALF_HOUR);
    const { page } = opened;
    await card(page, 'wait in ms').locator('.legend button').first().waitFor();
    await page.locator('.picker-button', { hasText: 'Component' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate<string>('document.activeElement.type')).toBe('search');
    await page.keyboard.type('mix');
    await expect.poll(() => page.getByRole('option').allInnerTexts()).toEqual([expect.stringContaining('mixed')]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.getAll('component')).toEqual(['mixed']);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.legend-name').allInnerTexts()).toEqual(['mixed']);
    expect(await page.locator('.picker-button', { hasText: 'Component' }).innerText()).toContain('mixed');
    expectNoFaults(opened);
    await opened.close();
  });

  test('say that no data is in the range, and lead to where some is', async () => {
    const opened = await open('?view=metrics&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z');
    const { page } = opened;
    await page.getByRole('heading', { name: 'No windows in this range' }).waitFor();
    expect(await page.locator('.empty').innerText()).toContain('Wed, 28 Feb 2024 – Tue, 12 Mar 2024');
    await page.getByRole('button', { name: 'Show the range of the data' }).click();
    await expect.poll(async () => (await figuresOf(page))['Components']).toBe('8');
    expectNoFaults(opened);
    await opened.close();
  });

  test('say that the filter matches nothing, and let it go', async () => {
    const opened = await open(`${HALF_HOUR}&component=${encodeURIComponent("'; DROP TABLE x --")}`);
    const { page } = opened;
    await page.getByRole('heading', { name: 'No windows match the filters' }).waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(async () => (await figuresOf(page))['Windows']).toBe('12');
    expectNoFaults(opened);
    await opened.close();
  });

  test.each([
    [422, 'The answer has more than 60,000 rows; narrow the range.', 0],
    [500, 'The query failed.', 1],
  ])('show the sentence of an answer %i', async (status, error, retries) => {
    const opened = await open('?view=health');
    const { page } = opened;
    await page.route('**/panels/series?*', (route) => route.fulfill({ status, json: { error } }));
    await page.goto(`${served.url}/${HALF_HOUR}`);
    await page.getByRole('alert').getByText(error).waitFor();
    expect(await page.getByRole('alert').getByRole('button', { name: 'Try again' }).count()).toBe(retries);
    await expect.poll(async () => (await figuresOf(page))['Windows']).toBe('12');
    await opened.close();
  });
});
