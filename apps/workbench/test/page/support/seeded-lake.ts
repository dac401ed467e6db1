import { appendFile, mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NOW_MS } from '../../cli/support/run-command.js';
import { copySamples } from '../../cli/support/samples.js';
import { makeFolder, SmallLake } from '../../cli/support/small-lake.js';
import { whileServing } from '../../cli/support/while-serving.js';

/** Records that are rejected, each for another reason. */
const FAULTY = [
  'not JSON',
  '{"componentName":"cart","metricName":"m","unit":"ms","value":1}',
  '{"componentName":"cart","metricName":"m","unit":"ms","value":"1","publicationTimestamp":"2024-02-29T12:00:00Z"}',
  '{"componentName":"it\'s \\"cart\\"","metricName":"<b>m</b>","unit":"ms","value":1,"publicationTimestamp":"yesterday"}',
];

/**
 * Windows of 5 minutes from 10:00 on 2024-03-12: `full` always with sum and count, `bare` never, `mixed` only at 10:00 and
 * 10:10; all of them pause at 10:15 and 10:20 and have one more window at 10:25.
 */
const CART_WINDOWS = `componentName,metricName,unit,fromTimestamp,toTimestamp,minValue,maxValue,sumValue,sampleCount
full,wait,ms,2024-03-12T10:00:00Z,2024-03-12T10:05:00Z,10,30,60,4
full,wait,ms,2024-03-12T10:05:00Z,2024-03-12T10:10:00Z,12,40,100,5
full,wait,ms,2024-03-12T10:10:00Z,2024-03-12T10:15:00Z,8,20,40,4
full,wait,ms,2024-03-12T10:25:00Z,2024-03-12T10:30:00Z,16,16,32,2
bare,wait,ms,2024-03-12T10:00:00Z,2024-03-12T10:05:00Z,1,9,,
bare,wait,ms,2024-03-12T10:05:00Z,2024-03-12T10:10:00Z,2,8,,
bare,wait,ms,2024-03-12T10:10:00Z,2024-03-12T10:15:00Z,3,7,,
bare,wait,ms,2024-03-12T10:25:00Z,2024-03-12T10:30:00Z,4,6,,
mixed,wait,ms,2024-03-12T10:00:00Z,2024-03-12T10:05:00Z,50,70,120,2
mixed,wait,ms,2024-03-12T10:05:00Z,2024-03-12T10:10:00Z,40,90,,
mixed,wait,ms,2024-03-12T10:10:00Z,2024-03-12T10:15:00Z,55,65,180,3
mixed,wait,ms,2024-03-12T10:25:00Z,2024-03-12T10:30:00Z,51,59,,
`;

/** The samples of all three kinds, `CART_WINDOWS` and a few rejected records; the caller removes the folder. */
async function seededLake(): Promise<{ readonly folder: string; readonly lake: SmallLake }> {
  const folder = await makeFolder();
  const lake = new SmallLake(join(folder, 'lake'));
  await copySamples(folder, 'plain');
  const events = join(folder, 'metric-events', 'events.jsonl');
  await appendFile(events, `${FAULTY.join('\n')}\n`);
  // Records that cannot be read are of the day of their file.
  await utimes(events, NOW_MS / 1000, NOW_MS / 1000);
  await mkdir(join(folder, 'cart'));
  await writeFile(join(folder, 'cart', 'cart.csv'), CART_WINDOWS);
  for (const args of [
    ['metrics', join(folder, 'metrics-csv')],
    ['metrics', join(folder, 'cart')],
    ['events', join(folder, 'metric-events'), '--mode', 'bounded'],
    ['logs', join(folder, 'access-logs')],
  ]) {
    const { exitCode, stderr } = await lake.ingest(args);
    if (exitCode !== 0) throw new Error(stderr);
  }
  return { folder, lake };
}

export interface ServedLake {
  readonly url: string;
  readonly lake: SmallLake;
  readonly close: () => Promise<void>;
}

/** A lake served by the command itself, for the tests of a file; `close` removes its folder. */
export async function servedLake(
  seeded: Promise<{ readonly folder: string; readonly lake: SmallLake }> = seededLake(),
): Promise<ServedLake> {
  const { folder, lake } = await seeded;
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  let serving: Promise<unknown> = Promise.resolve();
  const url = await new Promise<string>((resolve, reject) => {
    serving = whileServing(
      lake,
      ['serve'],
      (address) => {
        resolve(address);
        return ended;
      },
      { clock: Date.now },
    );
    serving.catch(reject);
  });
  return {
    url,
    lake,
    close: async () => {
      end();
      await serving;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
