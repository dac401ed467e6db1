import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { call } from '../../cli/support/records.js';
import { makeFolder, SmallLake } from '../../cli/support/small-lake.js';

export const SERVICES = 200;
export const CALLED_BY_EACH = 10;

const calls = (
  day: string,
  source: string,
  target: string,
  counts: { readonly good: number; readonly failed?: number },
) =>
  [...Array<number>(counts.good).fill(200), ...Array<number>(counts.failed ?? 0).fill(503)].map((status) =>
    call({ source, at: `${day}T10:00:00Z`, status, path: `/${target}/api` }),
  );

/** A name that would be markup where texts are not kept apart from it. */
export const HOSTILE = '<b>shop</b>';

/**
 * 12 and 13 March 2024: `cart → price` grows from 4 calls to 10, of which 2 failed; `cart → stock` is gone on the second day,
 * `<b>shop</b> → cart` is new. 14 March: a fleet of 200 services with 2,000 pairs.
 */
function logLines(): string[] {
  const fleet = Array.from({ length: SERVICES }, (_, index) =>
    Array.from({ length: CALLED_BY_EACH }, (_each, step) =>
      calls('2024-03-14', `svc-${index}`, `svc-${(index + 1 + step * 7) % SERVICES}`, {
        good: index === 42 && step === 0 ? 9 : 1,
      }),
    ).flat(),
  ).flat();
  return [
    ...calls('2024-03-12', 'cart', 'price', { good: 4 }),
    ...calls('2024-03-12', 'cart', 'stock', { good: 3 }),
    ...calls('2024-03-13', 'cart', 'price', { good: 8, failed: 2 }),
    ...calls('2024-03-13', HOSTILE, 'cart', { good: 5 }),
    ...fleet,
  ];
}

/** A lake of three days of calls, and what `cart` measured on the second; the caller removes the folder. */
export async function trafficLake(): Promise<{ readonly folder: string; readonly lake: SmallLake }> {
  const folder = await makeFolder();
  const lake = new SmallLake(join(folder, 'lake'));
  await mkdir(join(folder, 'in'));
  await writeFile(join(folder, 'in', 'access.txt'), `${logLines().join('\n')}\n`);
  await writeFile(
    join(folder, 'in', 'cart.csv'),
    'componentName,metricName,unit,fromTimestamp,toTimestamp,minValue,maxValue,sumValue,sampleCount\n' +
      'cart,wait,ms,2024-03-13T10:00:00Z,2024-03-13T10:05:00Z,10,30,60,4\n' +
      'cart,size,items,2024-03-13T10:00:00Z,2024-03-13T10:05:00Z,1,9,,\n',
  );
  for (const args of [
    ['logs', join(folder, 'in', 'access.txt')],
    ['metrics', join(folder, 'in', 'cart.csv')],
  ]) {
    const { exitCode, stderr } = await lake.ingest(args);
    if (exitCode !== 0) throw new Error(stderr);
  }
  return { folder, lake };
}
