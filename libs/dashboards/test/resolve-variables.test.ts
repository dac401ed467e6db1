import { expect, test } from 'vitest';
import { ALL, DashboardRequestError, resolveVariables, TRAFFIC_DASHBOARD } from '../src/index.js';

test('a variable that is not given has its default', () => {
  expect(resolveVariables(TRAFFIC_DASHBOARD, { day: ['2024-03-01'], service: [] })).toEqual({
    day: ['2024-03-01'],
    compareDay: [''],
    service: [ALL],
  });
});

test('fails on an unknown variable', () => {
  expect(() => resolveVariables(TRAFFIC_DASHBOARD, { dya: ['x'] })).toThrow(DashboardRequestError);
});

test('fails on several values where one is taken', () => {
  expect(() => resolveVariables(TRAFFIC_DASHBOARD, { day: ['a', 'b'] })).toThrow('takes one value');
});
