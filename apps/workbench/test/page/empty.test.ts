import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, HEADER, row } from '../cli/support/records.js';
import { makeFolder, SmallLake } from '../cli/support/small-lake.js';
import { launchBrowser } from './support/browser.js';
import { expectNoFaults, openPage } from './support/open-page.js';
import { servedLake } from './support/seeded-lake.js';

let launched: Awaited<ReturnType<typeof launchBrowser>>;
beforeAll(async () => {
  launched = await launchBrowser();
});
afterAll(() => launched.close());

const DAY = '2024-05-31';
const METRICS = `?view=metrics&from=${DAY}T00:00:00Z&to=${DAY}T23:59:59Z`;
const SERVICE = `?view=traffic&day=${DAY}&service=cart-service`;

const LOGS = { 'logs/order-service-2024-05-31.txt': `${call()}\n` };
/** Without the column `unit`: the run fails whole. */
const FAILING = {
  'metrics/broken.csv': `${HEADER.replace(',unit', '')}\ncart,2024-05-31T10:00:00Z,2,cpu,1,2024-05-31T10:05:00Z\n`,
};
const OTHER_DAY = { 'metrics/other-day.csv': `${HEADER}\n${row().replaceAll('2024-05-31', '2024-05-20')}\n` };
const OTHER_SERVICE = { 'metrics/other-service.csv': `${HEADER}\n${row({ component: 'search' })}\n` };

/** A lake into which the files were ingested in their order, each named `KIND/NAME`. */
async function lakeOf(files: Readonly<Record<string, string>>) {
  const folder = await makeFolder();
  const lake = new SmallLake(join(folder, 'lake'));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content);
    await lake.ingest([name.split('/')[0]!, path]);
  }
  return { folder, lake };
}

/** Opens a view of such a lake, and reads why it, or a panel of it, is empty. */
async function reasonIn(files: Readonly<Record<string, string>>, search: string, place: string) {
  const served = await servedLake(lakeOf(files));
  const opened = await openPage(launched.browser, `${served.url}/${search}`);
  const notice = opened.page.locator(place).locator('.empty');
  await notice.waitFor();
  const text = (await notice.innerText()).replaceAll(/\s+/g, ' ');
  const actions = await notice.getByRole('button').allInnerTexts();
  expectNoFaults(opened);
  return { text, actions, opened, close: () => Promise.all([opened.close(), served.close()]) };
}

const CASES = [
  ['nothing ran', LOGS, 'yet Nothing has run yet that brings them.', []],
  ['the last run failed', { ...LOGS, ...FAILING }, 'The last run failed: ', ['See the run of']],
  [
    'no data is in the range',
    { ...LOGS, ...OTHER_DAY },
    'The lake holds Mon, 20 May 2024.',
    ['Show the range of the data'],
  ],
  [
    'no data is in the range and the last run failed',
    { ...LOGS, ...OTHER_DAY, ...FAILING },
    'The last run failed: ',
    ['See the run of', 'Show the range of the data'],
  ],
] as const;

describe('an empty view', () => {
  test.each(CASES)('says that %s', async (_, files, sentence, actions) => {
    const reason = await reasonIn(files, METRICS, 'main');
    expect(reason.text).toContain(sentence);
    if (sentence.startsWith('The last')) expect(reason.text).toContain('unit');
    expect(reason.actions).toEqual(actions.map((action) => expect.stringContaining(action) as string));
    await reason.close();
  });

  test('says that the filters leave nothing, and lets them go', async () => {
    const reason = await reasonIn(OTHER_SERVICE, `${METRICS}&component=cart`, 'main');
    expect(reason.text).toContain('No windows match the filters');
    await reason.opened.page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => reason.opened.page.locator('.legend-name').allInnerTexts()).toEqual(['search']);
    await reason.close();
  });

  test('leads to the run that failed', async () => {
    const reason = await reasonIn(FAILING, METRICS, 'main');
    await reason.opened.page.getByRole('button', { name: 'See the run of' }).click();
    await reason.opened.page.locator('.badge.is-failed', { hasText: 'failed' }).waitFor();
    await reason.close();
  });

  test('says of traffic that nothing ran, or that the last run failed', async () => {
    const none = await reasonIn(OTHER_DAY, '?view=traffic', 'main');
    expect(none.text).toContain('No traffic reports yet Nothing has run yet that brings them.');
    await none.close();
    const failed = await reasonIn({ 'logs/cut.txt.gz': 'no gzip' }, '?view=traffic', 'main');
    expect(failed.text).toContain('No traffic reports yet');
    expect(failed.text).toContain('The last run failed: ');
    await failed.close();
  });
});

describe('an empty panel among others', () => {
  test.each(CASES)('says that %s', async (_, files, sentence, actions) => {
    const reason = await reasonIn(files, SERVICE, '.service-card');
    expect(reason.text).toContain(sentence);
    expect(reason.actions).toEqual(actions.map((action) => expect.stringContaining(action) as string));
    await expect.poll(() => reason.opened.page.locator('.glance .figure').count()).toBeGreaterThan(0);
    await reason.close();
  });

  test('says that others than the chosen one have data, and leads there', async () => {
    const reason = await reasonIn({ ...LOGS, ...OTHER_SERVICE }, SERVICE, '.service-card');
    expect(reason.text).toContain('No metrics match the filters');
    await reason.opened.page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => reason.opened.page.locator('.legend-name').allInnerTexts()).toEqual(['search']);
    await reason.close();
  });
});

test('of many components those are drawn that have what is chosen', async () => {
  const rows = Array.from({ length: 25 }, (_, index) => row({ component: `c${String(index).padStart(2, '0')}` }));
  const files = { 'metrics/many.csv': [HEADER, ...rows, row({ component: 'c24' }).replace('cpu', 'heap')].join('\n') };
  const served = await servedLake(lakeOf(files));
  const opened = await openPage(launched.browser, `${served.url}/${METRICS}&metric=heap`);
  await expect.poll(() => opened.page.locator('.legend-name').allInnerTexts()).toEqual(['c24']);
  expectNoFaults(opened);
  await opened.close();
  await served.close();
});
