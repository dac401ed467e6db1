import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './support/browser.js';
import { expectNoFaults, openPage, violationsOf } from './support/open-page.js';
import { servedLake, type ServedLake } from './support/seeded-lake.js';

let served: ServedLake;
let launched: Awaited<ReturnType<typeof launchBrowser>>;
beforeAll(async () => {
  [served, launched] = await Promise.all([servedLake(), launchBrowser()]);
});
afterAll(() => Promise.all([served.close(), launched.close()]));

const DAY = 'from=2024-03-12T09:00:00Z&to=2024-03-12T12:00:00Z';
const open = (search: string, options = {}) => openPage(launched.browser, `${served.url}/${search}`, options);

describe('the shell', () => {
  test('leads from view to view and back, with the view in title and address', async () => {
    const opened = await open('');
    const { page } = opened;
    await expect.poll(() => page.title()).toBe('Metrics · Pulselake');
    for (const [link, title, view] of [
      ['Traffic', 'Traffic', 'traffic'],
      ['Health', 'Pipeline health', 'health'],
      ['SQL', 'SQL', 'sql'],
    ] as const) {
      await page.getByRole('navigation').getByRole('link', { name: link }).click();
      await expect.poll(() => page.title()).toBe(`${title} · Pulselake`);
      expect(page.url()).toContain(`view=${view}`);
    }
    await page.goBack();
    await expect.poll(() => page.title()).toBe('Pipeline health · Pulselake');
    await page.reload();
    await expect.poll(() => page.title()).toBe('Pipeline health · Pulselake');
    expectNoFaults(opened);
    await opened.close();
  });

  test('says what it cannot read in an address made by hand', async () => {
    const opened = await open('?view=nowhere&from=yesterday&refresh=7');
    const notice = opened.page.getByText('The address says something that is not known.');
    await expect.poll(() => notice.innerText()).toContain('There is no view "nowhere"');
    expect(await notice.innerText()).toContain('from "yesterday" to ""');
    expectNoFaults(opened);
    await opened.close();
  });

  test.each(['light', 'dark'] as const)('has no serious violation of accessibility in %s', async (colorScheme) => {
    for (const view of ['metrics', 'health']) {
      const opened = await open(`?view=${view}&${DAY}`, { colorScheme });
      await opened.page.waitForLoadState('networkidle').catch(() => undefined);
      await opened.page.locator('.loading').first().waitFor({ state: 'detached' });
      expect([view, await violationsOf(opened.page)]).toEqual([view, []]);
      expectNoFaults(opened);
      await opened.close();
    }
  });

  test.each(['light', 'dark'] as const)('has none with an open picker or an open range in %s', async (colorScheme) => {
    const opened = await open(`?view=metrics&${DAY}`, { colorScheme });
    const { page } = opened;
    await page.locator('.picker-button', { hasText: 'Component' }).click();
    await page.getByRole('option').first().waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByPlaceholder('Find component …').fill('nothing like it');
    await page.getByRole('option', { name: 'Nothing found.' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('.custom-range > button').click();
    await page.getByLabel('From (UTC)').fill('2024-03-13T00:00');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('Choose a start before the end.').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expectNoFaults(opened);
    await opened.close();
  });

  test('tells of a view that fails, and goes on with the others', async () => {
    const opened = await open(`?view=metrics&${DAY}`);
    const { page } = opened;
    await page.route('**/panels/summary?*', async (route) => {
      const answer = (await (await route.fetch()).json()) as { queries: { columns: { title: unknown }[] }[] };
      answer.queries[0]!.columns[0]!.title = { no: 'text' };
      await route.fulfill({ json: answer });
    });
    await page.reload();
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('This view failed');
    await page.getByRole('navigation').getByRole('link', { name: 'Health' }).click();
    await page
      .getByText(/Where every record went|No runs in this range/)
      .first()
      .waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await opened.close();
  });

  test('lets charts come and go', async () => {
    const opened = await open(`?view=metrics&${DAY}`);
    const { page } = opened;
    const charts = page.locator('.metric canvas');
    await expect.poll(() => charts.count()).toBe(1);
    await page.getByRole('button', { name: '15 min' }).click();
    await page.getByRole('heading', { name: 'No windows in this range' }).waitFor();
    await expect.poll(() => charts.count()).toBe(0);
    await page.goBack();
    await expect.poll(() => charts.count()).toBe(1);
    await page.getByRole('navigation').getByRole('link', { name: 'Traffic' }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'Metrics' }).click();
    await expect.poll(() => charts.count()).toBe(1);
    expectNoFaults(opened);
    await opened.close();
  });
});
