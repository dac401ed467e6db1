import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './support/browser.js';
import { expectNoFaults, openPage, violationsOf } from './support/open-page.js';
import { servedLake, type ServedLake } from './support/seeded-lake.js';
import { CALLED_BY_EACH, HOSTILE, SERVICES, trafficLake } from './support/traffic-lake.js';

let served: ServedLake;
let launched: Awaited<ReturnType<typeof launchBrowser>>;
beforeAll(async () => {
  [served, launched] = await Promise.all([servedLake(trafficLake()), launchBrowser()]);
});
afterAll(() => Promise.all([served.close(), launched.close()]));

const open = (search: string, options = {}) =>
  openPage(launched.browser, `${served.url}/?view=traffic&${search}`, options);

/** The figures at the top, by their names. */
const figures = (page: Page) =>
  page
    .locator('.strip-and-totals .figure')
    .evaluateAll((all) =>
      Object.fromEntries(
        all.map((figure) => [
          figure.querySelector('dt')?.textContent ?? '',
          [...(figure.querySelector('dd')?.childNodes ?? [])].map((node) => node.textContent).join(' | '),
        ]),
      ),
    );

const rowsOf = (page: Page, caption: string) =>
  page
    .getByRole('region', { name: caption })
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)));

describe('a day of traffic', () => {
  test('has its figures and those of the day before', async () => {
    const opened = await open('day=2024-03-13');
    const { page } = opened;
    await expect
      .poll(() => figures(page))
      .toEqual({
        Requests: '15 | +8 (+114.3 %)',
        Failed: '2 | +2',
        'Failure share': '13.3 % | was 0 %',
        Services: '3',
        Pairs: '2 | were 2',
      });
    await expect
      .poll(() => rowsOf(page, 'Pairs of services'))
      .toEqual([
        ['cart', 'price', '10', '2', '20.0 %', '4', '+6'],
        [HOSTILE, 'cart', '5', '0', '0 %', '–', 'new'],
      ]);
    const changes = page.getByRole('region', { name: 'New and vanished' }).locator('li');
    await expect
      .poll(async () => (await changes.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()))
      .toEqual([
        `new ${HOSTILE} → cart 5 requests`,
        'vanished cart → stock had 3 requests',
        '+6 cart → price 4 → 10 requests',
      ]);
    expectNoFaults(opened);
    await opened.close();
  });

  test('is compared with another day, or with none, as the address says', async () => {
    const opened = await open('day=2024-03-13');
    const { page } = opened;
    await page.getByLabel('Compare with').selectOption('none');
    await expect.poll(() => page.url()).toContain('compare=none');
    await expect.poll(() => figures(page)).toMatchObject({ Requests: '15', Pairs: '2' });
    expect(await page.getByRole('region', { name: 'New and vanished' }).count()).toBe(0);
    await page.goBack();
    await expect.poll(async () => (await figures(page))['Requests']).toBe('15 | +8 (+114.3 %)');
    expectNoFaults(opened);
    await opened.close();
  });

  test('of which there is no report says so, and no figure is shown as zero', async () => {
    const opened = await open('day=2024-03-20');
    const { page } = opened;
    await page.getByRole('heading', { name: 'No report for Wed, 20 Mar 2024' }).waitFor();
    expect(await figures(page)).toEqual({});
    await page.getByRole('button', { name: 'Show it' }).click();
    await expect.poll(async () => (await figures(page))['Services']).toBe(String(SERVICES));
    expectNoFaults(opened);
    await opened.close();
  });

  test('shows a service with its neighbours and its metrics, by pointer and by keyboard', async () => {
    const opened = await open('day=2024-03-13');
    const { page } = opened;
    const cart = page.getByRole('button', { name: /^cart / });
    await cart.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('service=cart');
    const card = page.getByRole('region', { name: 'cart', exact: true });
    await expect
      .poll(() => card.locator('.service-metrics li').allInnerTexts())
      .toEqual([
        expect.stringMatching(/^size\s+no average items · 1 – 9$/),
        expect.stringMatching(/^wait\s+15 ms · 10 – 30$/),
      ]);
    await expect.poll(() => card.locator('dd').allInnerTexts()).toEqual(['5', '0 %', '10', HOSTILE, 'price']);
    expect(await cart.getAttribute('aria-pressed')).toBe('true');
    await card.getByRole('button', { name: 'price' }).click();
    await expect.poll(() => page.url()).toContain('service=price');
    expectNoFaults(opened);
    await opened.close();
  });

  test('keeps the rows that a filter names, and sorts by any column', async () => {
    const opened = await open('day=2024-03-13');
    const { page } = opened;
    await page.getByLabel('Filter Pairs of services').fill('<b>');
    await expect
      .poll(async () => (await rowsOf(page, 'Pairs of services')).map(([source]) => source))
      .toEqual([HOSTILE]);
    await page.getByLabel('Filter Pairs of services').fill('');
    await page.getByRole('button', { name: 'Caller' }).click();
    await expect
      .poll(async () => (await rowsOf(page, 'Pairs of services')).map(([source]) => source))
      .toEqual([HOSTILE, 'cart']);
    expectNoFaults(opened);
    await opened.close();
  });
});

describe('the map of a fleet', () => {
  const pairs = SERVICES * CALLED_BY_EACH;

  test('draws the busiest of its pairs, and what is looked for', async () => {
    const opened = await open('day=2024-03-14&compare=none');
    const { page } = opened;
    await page.getByText(`The 40 busiest of ${pairs.toLocaleString('en')} pairs`).waitFor();
    await expect.poll(() => page.locator('svg.map .edge').count()).toBe(40);
    await expect.poll(() => page.getByRole('button', { name: /^svc-42 / }).count()).toBe(1);
    await page.getByLabel('Find').fill('svc-117');
    // Ten that it calls and ten that call it.
    await expect.poll(() => page.locator('svg.map .edge').count()).toBe(2 * CALLED_BY_EACH);
    await page.getByRole('button', { name: /^svc-117 / }).click();
    await expect.poll(() => page.locator('svg.map .edge.is-near').count()).toBe(2 * CALLED_BY_EACH);
    expectNoFaults(opened);
    await opened.close();
  });
});

test.each([
  ['light', 1280],
  ['dark', 390],
] as const)('the view has no serious violation of accessibility in %s at %i pixels', async (colorScheme, width) => {
  const opened = await open('day=2024-03-13&service=cart', { colorScheme, viewport: { width, height: 800 } });
  await opened.page.getByRole('region', { name: 'cart', exact: true }).waitFor();
  expect(await violationsOf(opened.page)).toEqual([]);
  // Nothing is wider than the screen.
  expect(await opened.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  expectNoFaults(opened);
  await opened.close();
});
