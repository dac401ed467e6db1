import { type DashboardDescription, DASHBOARDS } from '@pulselake/dashboards';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './support/browser.js';
import { expectNoFaults, openPage } from './support/open-page.js';
import { servedLake, type ServedLake } from './support/seeded-lake.js';
import { trafficLake } from './support/traffic-lake.js';

let served: ServedLake;
let launched: Awaited<ReturnType<typeof launchBrowser>>;
beforeAll(async () => {
  [served, launched] = await Promise.all([servedLake(trafficLake()), launchBrowser()]);
});
afterAll(() => Promise.all([served.close(), launched.close()]));

const PANEL = 'failing-callers';

test.each([
  ['traffic', 'pulselake-traffic'],
  ['metrics', 'pulselake-metrics'],
  ['health', 'pulselake-health'],
])(
  'a panel that the view of %s does not know is shown as a table, and what it knows is shown once',
  async (view, uid) => {
    const opened = await openPage(launched.browser, `${served.url}/?view=sql`);
    const { page } = opened;
    await page.route('**/api/dashboards', async (route) => {
      const response = await route.fetch();
      const dashboards = (await response.json()) as DashboardDescription[];
      const [first, ...rest] = dashboards.find((dashboard) => dashboard.uid === uid)!.rows;
      const panels = [...first!.panels, { ...first!.panels[0]!, id: PANEL, title: 'Who calls in vain' }];
      const rows = [{ ...first!, panels }, ...rest];
      await route.fulfill({ json: dashboards.map((each) => (each.uid === uid ? { ...each, rows } : each)) });
    });
    await page.route(`**/panels/${PANEL}?*`, (route) =>
      route.fulfill({
        json: {
          stepMs: 1,
          queries: [{ refId: 'a', columns: [{ name: 'source', title: 'Caller', unit: 'text' }], rows: [['cart']] }],
        },
      }),
    );
    // Up to now: what made the lake ran just before.
    const range = `from=2024-03-13T00:00:00Z&to=${new Date().toISOString()}`;
    await page.goto(`${served.url}/?view=${view}&day=2024-03-13&${range}`);
    const added = page.getByRole('region', { name: 'Table: Who calls in vain' });
    await expect.poll(() => added.locator('td').allInnerTexts(), { timeout: 15_000 }).toEqual(['cart']);
    const known = DASHBOARDS.find((dashboard) => dashboard.uid === uid)!.rows.flatMap(({ panels }) => panels);
    for (const { title } of known) {
      expect(await page.getByRole('heading', { name: title, exact: true }).count(), title).toBeLessThanOrEqual(1);
    }
    expectNoFaults(opened);
    await opened.close();
  },
);
