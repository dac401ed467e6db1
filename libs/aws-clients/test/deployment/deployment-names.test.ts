import { expect, test } from 'vitest';
import { deploymentBuckets, windowStream } from '../../src/deployment/index.js';

test('the names of buckets hold environment, account and region, within 63 characters', () => {
  const place = { environment: 'a'.repeat(11), account: '123456789012', region: 'ap-southeast-2' };
  for (const name of Object.values(deploymentBuckets(place)) as string[]) {
    expect(name).toMatch(/^[a-z0-9-]{3,63}$/);
    expect(name).toContain('123456789012-ap-southeast-2');
  }
});

test('the stream of windows is named after the environment', () => {
  expect(windowStream('dev')).toBe('pulselake-dev-windowed-metrics');
});
