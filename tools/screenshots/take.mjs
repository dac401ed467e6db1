// Takes the README's pictures of the four views from a served lake: `npm run screenshots -- http://127.0.0.1:PORT`.
// The lake is the one that `pulselake start` makes. CHROME_PATH names the browser; /usr/bin/chromium unless given.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const [address, folder = fileURLToPath(new URL('../../docs/images', import.meta.url)), suffix = ''] =
  process.argv.slice(2);
if (!address) throw new Error('Give the address of the dashboard, for example http://127.0.0.1:4100.');

const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };
const VIEWS = {
  metrics: '?view=metrics',
  traffic: '?view=traffic',
  health: '?view=health',
  sql: `?view=sql&sql=${encodeURIComponent('SELECT component_name, count(*) AS windows FROM windowed_metrics_current GROUP BY 1 ORDER BY 2 DESC')}`,
};

const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
for (const [view, search] of Object.entries(VIEWS)) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark']) {
      // The README shows the wide ones in light.
      if (suffix === '' && (size === 'narrow' || colorScheme === 'dark')) continue;
      const page = await browser.newPage({ viewport, colorScheme });
      await page.goto(`${address}/${search}`);
      await page.locator('.loading').first().waitFor({ state: 'detached' });
      await page.waitForTimeout(2500);
      await page.screenshot({
        path: `${folder}/${view}${suffix === '' && size === 'wide' ? '' : `-${size}-${colorScheme}${suffix}`}.png`,
      });
      await page.close();
    }
  }
}
await browser.close();
