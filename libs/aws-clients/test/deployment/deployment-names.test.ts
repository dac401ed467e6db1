import { expect, test } from 'vitest';
import { deploymentBuckets, isEnvironmentName } from '../../src/deployment/index.js';

test('the names of buckets hold environment, account and region, within 63 characters', () => {
  const place = { environment: 'a'.repeat(11), account: '123456789012', region: 'ap-southeast-2' };
  expect(isEnvironmentName(place.environment)).toBe(true);
  for (const name of Object.values(deploymentBuckets(place)) as string[]) {
    expect(name).toMatch(/^[a-z0-9-]{3,63}$/);
    expect(name).toContain('123456789012-ap-southeast-2');
  }
});

test.each(['', 'Dev', '1dev', 'dev-', 'a'.repeat(12), 'd_v'])('fails to take %j for an environment', (name) => {
  expect(isEnvironmentName(name)).toBe(false);
});
