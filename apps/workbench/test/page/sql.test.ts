import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './support/browser.js';
import { expectNoFaults, openPage, violationsOf } from './support/open-page.js';
import { servedLake, type ServedLake } from './support/seeded-lake.js';
import { trafficLake } from './support/traffic-lake.js';

let served: ServedLake;
let launched: Awaited<ReturnType<typeof launchBrowser>>;
beforeAll(async () => {
  [served, launched] = await Promise.all([servedLake(trafficLake()), launchBrowser()]);
});
afterAll(() => Promise.all([served.close(), launched.close()]));

const open = (sql?: string, options = {}) => {
  const search = new URLSearchParams({ view: 'sql', ...(sql !== undefined && { sql }) });
  return openPage(launched.browser, `${served.url}/?${search.toString()}`, options);
};

const cells = (page: Awaited<ReturnType<typeof open>>['page']) =>
  page
    .getByRole('region', { name: 'Result', exact: true })
    .last()
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)));

describe('the SQL view', () => {
  test('runs what is typed, and keeps it in the address', async () => {
    const opened = await open();
    const { page } = opened;
    const editor = page.getByRole('textbox', { name: 'SQL statement' });
    await editor.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('SELECT sum(total_requests) AS calls, max(failed_requests) AS most FROM traffic_reports ');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => cells(page)).toEqual([['2,030', '2']]);
    await expect.poll(() => page.url()).toContain('sum%28total_requests%29');
    await page.reload();
    await expect.poll(() => cells(page)).toEqual([['2,030', '2']]);
    expectNoFaults(opened);
    await opened.close();
  });

  test('draws numbers over days', async () => {
    const opened = await open(
      'SELECT report_date, sum(total_requests) AS calls FROM traffic_reports GROUP BY ALL ORDER BY report_date DESC',
    );
    await expect
      .poll(() => cells(opened.page))
      .toEqual([
        ['2024-03-14', '2,008'],
        ['2024-03-13', '15'],
        ['2024-03-12', '7'],
      ]);
    await opened.page.getByRole('img', { name: 'calls over time' }).waitFor();
    expectNoFaults(opened);
    await opened.close();
  });

  test('says where a fault is, and marks it', async () => {
    const opened = await open('SELECT report_date\nFROM nothing_there');
    const { page } = opened;
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('Line 2, column 6:');
    await expect.poll(() => page.locator('.sql-fault').innerText()).toBe('nothing_there');
    // The browser itself tells of the refused request.
    expect(opened.faults.filter((fault) => !fault.includes('422'))).toEqual([]);
    await opened.close();
  });

  test('refuses to write, and says why', async () => {
    const opened = await open('DROP VIEW traffic_reports');
    await expect.poll(() => opened.page.getByRole('alert').innerText()).toContain('read-only');
    await opened.close();
  });

  test('shows texts as texts, and says when there are more rows', async () => {
    const opened = await open(`SELECT '<img src=x onerror=alert(1)>' AS text, i FROM range(10005) t(i)`);
    await expect.poll(async () => (await cells(opened.page))[0]).toEqual(['<img src=x onerror=alert(1)>', '0']);
    await opened.page.getByText('10,000 rows in').waitFor();
    await opened.page.getByText('there are more').waitFor();
    expectNoFaults(opened);
    await opened.close();
  });

  test('lists tables and columns, and puts them into the statement', async () => {
    const opened = await open('SELECT 1');
    const { page } = opened;
    await page.getByText('traffic_reports', { exact: true }).click();
    await page.getByRole('button', { name: 'failed_requests' }).first().click();
    await expect
      .poll(() => page.getByRole('textbox', { name: 'SQL statement' }).innerText())
      .toContain('failed_requests');
    expectNoFaults(opened);
    await opened.close();
  });

  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)('has no serious violation of accessibility in %s at %i pixels', async (colorScheme, width) => {
    const opened = await open('SELECT report_date, 1 AS one FROM traffic_reports LIMIT 5', {
      colorScheme,
      viewport: { width, height: 800 },
    });
    await opened.page.getByText('5 rows in').waitFor();
    expect(await violationsOf(opened.page)).toEqual([]);
    expect(await opened.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expectNoFaults(opened);
    await opened.close();
  });
});
