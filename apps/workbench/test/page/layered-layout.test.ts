import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layeredLayout } from '../../page/src/traffic/layered-layout.js';

describe('the layout of the service map', () => {
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
  const edge = fc.record({ source: fc.constantFrom(...names), target: fc.constantFrom(...names) });
  const edgeSets = fc.uniqueArray(edge, { selector: ({ source, target }) => `${source} ${target}`, maxLength: 60 });

  test('callers stand left of whom they call, a layer apart', () => {
    const edges = [
      { source: 'web', target: 'cart' },
      { source: 'cart', target: 'price' },
      { source: 'web', target: 'price' },
    ];
    const layout = layeredLayout({ nodes: ['cart', 'price', 'web'], edges, rowHeight: 50 });
    expect(layout.layers).toEqual([['web'], ['cart'], ['price']]);
  });

  test('any graph, with cycles too, has each service once, apart from the others, and arrows through every layer', () => {
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
