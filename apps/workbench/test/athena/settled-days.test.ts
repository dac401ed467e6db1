import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Endpoint } from './support/endpoint.js';
import { sampleLake } from './support/sample-lake.js';

const SQL = `SELECT component_name, max(max_value) FROM windowed_metrics_current WHERE dt = '2024-02-29' GROUP BY 1 ORDER BY 1`;

let folder: string;
let endpoint: Endpoint;
beforeAll(async () => {
  const lake = await sampleLake();
  folder = lake.folder;
  endpoint = await Endpoint.serve(lake.root);
});
afterAll(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true });
});

/** Whether days that are settled are read beside the others, as the engine tells. */
const hasSettledDays = async () => (await endpoint.texts(`EXPLAIN ${SQL}`)).flat().join('\n').includes('UNION');

test('days without repeats are soon read without looking for them, with the same rows', async () => {
  const before = await endpoint.texts(SQL);
  expect(await hasSettledDays()).toBe(false);
  await expect.poll(hasSettledDays, { timeout: 30_000, interval: 500 }).toBe(true);
  expect(await endpoint.texts(SQL)).toEqual(before);
  expect(endpoint.faults).toEqual([]);
}, 60_000);
