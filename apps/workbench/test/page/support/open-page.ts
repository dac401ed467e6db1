import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface OpenedPage {
  readonly page: Page;
  /** Errors on the console, uncaught exceptions, and requests to other machines; tests expect none. */
  readonly faults: string[];
  /** The paths that were asked of the server. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

/** Opens an address in a browser of its own, and listens for everything that must not happen. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'America/New_York',
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const faults: string[] = [];
  const asked: string[] = [];
  const { origin } = new URL(address);
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin === origin) asked.push(url.pathname + url.search);
    else if (url.protocol.startsWith('http')) faults.push(`asked ${request.url()}`);
  });
  await page.goto(address);
  return { page, faults, asked, close: () => context.close() };
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

/** What axe-core finds of serious or critical violations, a line for each element. */
export async function violationsOf(page: Page): Promise<string[]> {
  // Run by the debugger, so the page's own policy does not refuse it.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const found = await page.evaluate<AxeResults>(`axe.run(document, { resultTypes: ['violations'] })`);
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
}

/** The figures of a row of figures, by their labels. */
export async function figuresOf(page: Page): Promise<Record<string, string>> {
  await page.locator('.glance .figure').first().waitFor();
  const texts = await page.locator('.glance .figure').evaluateAll((figures) =>
    figures.map((figure) => {
      const part = figure as unknown as {
        querySelector: (selector: string) => { firstChild: { textContent: string } };
      };
      return [part.querySelector('dt').firstChild.textContent, part.querySelector('dd').firstChild.textContent];
    }),
  );
  return Object.fromEntries(texts) as Record<string, string>;
}

/** The rows of a table by its caption, as texts. */
export async function tableOf(page: Page, caption: string): Promise<string[][]> {
  const table = page.getByRole('table', { name: caption, exact: true });
  await table.waitFor();
  const rows = await table.locator('tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('td').allInnerTexts()));
}

/** Expects that nothing happened that must not. */
export function expectNoFaults({ faults }: OpenedPage): void {
  expect(faults).toEqual([]);
}
