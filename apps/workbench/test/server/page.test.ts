import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/server/create-app.js';
import { fakeQueryEngine } from './fake-query-engine.js';

const MOST_GZIPPED_BYTES = 400_000;
const MOST_OF_FIRST_VIEW_BYTES = 250_000;

const builtDir = fileURLToPath(new URL('../../dist/page/', import.meta.url));
const sourceDir = fileURLToPath(new URL('../../page/', import.meta.url));
const app = createApp({
  engine: fakeQueryEngine(() => ({ columns: [], rows: [] })),
  pageDir: builtDir,
  clock: () => 0,
});
const get = (path: string) => app.request(path, { headers: { host: 'localhost' } });

/** The scripts that a page or a script names, and those that they name. */
async function namedBy(
  text: string,
  isLoaded: (name: string) => boolean,
  found = new Set<string>(),
): Promise<Set<string>> {
  for (const [name] of text.matchAll(/[\w-]+-[\w-]{8}\.(?:js|css|svg)/g)) {
    if (found.has(name) || !isLoaded(name)) continue;
    found.add(name);
    if (name.endsWith('.js')) await namedBy(await (await get(`/assets/${name}`)).text(), isLoaded, found);
  }
  return found;
}

async function gzippedBytes(names: Iterable<string>): Promise<number> {
  let sum = 0;
  for (const name of names)
    if (name.endsWith('.js')) sum += gzipSync(await readFile(join(builtDir, 'assets', name))).length;
  return sum;
}

describe('the page of the product', () => {
  test('every file that it names is served', async () => {
    const named = await namedBy(await (await get('/')).text(), () => true);
    expect([...named].filter((name) => name.includes('-view-')).length).toBeGreaterThanOrEqual(4);
    for (const name of named) expect([name, (await get(`/assets/${name}`)).status]).toEqual([name, 200]);
  });

  test('its scripts are at most 400 kB gzipped, those of the first view 250 kB', async () => {
    const index = await (await get('/')).text();
    expect(await gzippedBytes(await namedBy(index, () => true))).toBeLessThan(MOST_GZIPPED_BYTES);
    const ofOthers = /^(?:traffic|health|sql)-view-|^(?:empty-reasons|last-failure|instants|csv|picker-box)-/;
    const first = await gzippedBytes(await namedBy(index, (name) => !ofOthers.test(name)));
    expect(first).toBeGreaterThan(100_000);
    expect(first).toBeLessThan(MOST_OF_FIRST_VIEW_BYTES);
  });

  test('nothing is made from markup, styled inline, or asked of another machine', async () => {
    for (const file of await readdir(sourceDir, { recursive: true })) {
      if (!/\.(?:tsx?|css|html|svg)$/.test(file)) continue;
      const text = (await readFile(join(sourceDir, file), 'utf8')).replaceAll('http://www.w3.org/2000/svg', '');
      const markup = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|https?:\/\//gi;
      expect([file, text.match(markup)]).toEqual([file, null]);
      if (file.endsWith('.html')) expect(text).not.toMatch(/\sstyle=|\son\w+=|<script(?![^>]*src=)/);
    }
  });
});
