import { expect, it } from 'vitest';
import { partitionKey } from '../src/index.js';

it('is component and metric', () => {
  expect(partitionKey({ componentName: 'cart', metricName: 'cpu' })).toBe('cart_cpu');
});

it('is cut to 256 characters, counted as code points', () => {
  const key = partitionKey({ componentName: '🛒'.repeat(128), metricName: 'm'.repeat(128) });
  expect([...key]).toHaveLength(256);
  expect(key).toBe(`${'🛒'.repeat(128)}_${'m'.repeat(127)}`);
});
