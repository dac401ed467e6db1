import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/server/create-app.js';
import { fakeQueryEngine } from './fake-query-engine.js';

const PAGE_URL = new URL('../../page/', import.meta.url);
const pageDir = fileURLToPath(PAGE_URL);
const app = createApp({ engine: fakeQueryEngine(() => ({ columns: [], rows: [] })), pageDir, clock: () => 0 });
const get = (path: string) => app.request(path, { headers: { host: 'localhost' } });

/** The page is plain JavaScript, without types. */
const load = async <T>(name: string): Promise<T> => (await import(new URL(name, PAGE_URL).href)) as T;

describe('the page of the product', () => {
  test('every file that it names is served', async () => {
    const files = await readdir(pageDir);
    const named = new Set<string>();
    for (const file of files) {
      const text = await readFile(new URL(file, PAGE_URL), 'utf8');
      for (const [, path = ''] of text.matchAll(/(?:href|src)="(\/[^"]+)"/g)) named.add(path);
      for (const [, path = ''] of text.matchAll(/from '(\.?\/[^']+)'/g)) named.add(path.replace(/^\.\//, '/'));
    }
    expect(named.size).toBeGreaterThan(20);
    for (const path of named) expect([path, (await get(path)).status]).toEqual([path, 200]);
    const unused = files.filter((file) => file !== 'index.html' && !named.has(`/${file}`));
    expect(unused).toEqual([]);
  });

  test('nothing is made from markup, styled inline, or asked of another machine', async () => {
    for (const file of await readdir(pageDir)) {
      const text = (await readFile(new URL(file, PAGE_URL), 'utf8')).replaceAll('http://www.w3.org/2000/svg', '');
      expect([
        file,
        text.match(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|https?:\/\//g),
      ]).toEqual([file, null]);
      if (file.endsWith('.html')) expect(text).not.toMatch(/\sstyle=|\son\w+=|<script(?![^>]*src=)/);
    }
  });
});

interface Address {
  readonly readAddress: (hash: string) => Record<string, unknown>;
  readonly writeAddress: (state: Record<string, unknown>) => string;
}

describe('the address', () => {
  test('what is written is read again', async () => {
    const { readAddress, writeAddress } = await load<Address>('address.js');
    const texts = fc.array(fc.string({ unit: 'binary', minLength: 1 }), { maxLength: 4 });
    const state = fc.record({
      view: fc.constantFrom('metrics', 'traffic', 'health'),
      range: fc.oneof(
        fc.constantFrom('1h', '6h', '24h', '3d', '7d'),
        fc
          .tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 1e10 }))
          .map(([fromMs, lengthMs]) => ({ fromMs, toMs: fromMs + lengthMs })),
      ),
      component: texts,
      metric: texts,
      unit: texts,
      reason: texts,
      day: fc.string(),
      compare: fc.string(),
      service: fc.string({ unit: 'binary' }),
    });
    fc.assert(
      fc.property(state, (value) => {
        expect(readAddress(writeAddress(value))).toEqual(value);
      }),
    );
  });

  test('any text is an address, with defaults for what cannot be read', async () => {
    const { readAddress } = await load<Address>('address.js');
    fc.assert(
      fc.property(fc.string(), (hash) => {
        expect(readAddress(hash)).toHaveProperty('view');
      }),
    );
    expect(readAddress('#/nowhere?range=5y&from=x&to=2024-01-01')).toMatchObject({ view: 'metrics', range: '24h' });
    expect(readAddress('#/health?from=2024-01-02&to=2024-01-01')).toMatchObject({ view: 'health', range: '24h' });
  });
});

interface Layout {
  readonly layers: readonly (readonly string[])[];
  readonly layerOf: ReadonlyMap<string, number>;
  readonly yOf: ReadonlyMap<string, number>;
  readonly height: number;
  chainOf(edge: object): readonly string[];
}

interface LayeredLayout {
  readonly layeredLayout: (graph: {
    nodes: string[];
    edges: { source: string; target: string }[];
    rowHeight: number;
  }) => Layout;
}

describe('the layout of the service map', () => {
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
  const edge = fc.record({ source: fc.constantFrom(...names), target: fc.constantFrom(...names) });
  const edgeSets = fc.uniqueArray(edge, { selector: ({ source, target }) => `${source} ${target}`, maxLength: 60 });

  test('callers stand left of whom they call, a layer apart', async () => {
    const { layeredLayout } = await load<LayeredLayout>('layered-layout.js');
    const edges = [
      { source: 'web', target: 'cart' },
      { source: 'cart', target: 'price' },
      { source: 'web', target: 'price' },
    ];
    const layout = layeredLayout({ nodes: ['cart', 'price', 'web'], edges, rowHeight: 50 });
    expect(layout.layers).toEqual([['web'], ['cart'], ['price']]);
  });

  test('any graph, with cycles too, has each service once, apart from the others, and arrows through every layer', async () => {
    const { layeredLayout } = await load<LayeredLayout>('layered-layout.js');
    fc.assert(
      fc.property(edgeSets, (edges) => {
        const nodes = [...new Set(edges.flatMap(({ source, target }) => [source, target]))].sort();
        const layout = layeredLayout({ nodes, edges, rowHeight: 50 });
        expect(layout.layers.flat().sort()).toEqual(nodes);
        for (const layer of layout.layers) {
          const heights = layer.map((name) => layout.yOf.get(name) ?? NaN).sort((a, b) => a - b);
          heights.forEach((y, index) => expect(y - (heights[index - 1] ?? -1e9)).toBeGreaterThan(49.999));
          for (const y of heights) expect(y).toBeLessThanOrEqual(layout.height);
        }
        for (const each of edges.filter(({ source, target }) => source !== target)) {
          const chain = layout.chainOf(each);
          expect([chain[0], chain.at(-1)].sort()).toEqual([each.source, each.target].sort());
          const layers = chain.map((name) => layout.layerOf.get(name) ?? NaN);
          layers.slice(1).forEach((layer, index) => expect(layer).toBe((layers[index] ?? NaN) + 1));
        }
      }),
    );
  });
});
