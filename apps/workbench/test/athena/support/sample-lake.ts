import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copySamples } from '../../cli/support/samples.js';
import { makeFolder, SmallLake } from '../../cli/support/small-lake.js';
import { LATE_EVENTS } from './late-events.js';

/** Records that are rejected, each for another reason. */
const FAULTY = [
  'not JSON',
  '{"componentName":"cart","metricName":"m","unit":"ms","value":1}',
  '{"componentName":"cart","metricName":"m","unit":"ms","value":"1","publicationTimestamp":"2024-02-29T12:00:00Z"}',
  '{"componentName":"it\'s \\"cart\\"","metricName":"m","unit":"ms","value":1,"publicationTimestamp":"yesterday"}',
];

/** A lake with the samples of all three kinds, a corrected window, a late event and a few rejected records; the caller removes its folder. */
export async function sampleLake(): Promise<{ readonly folder: string; readonly root: string }> {
  const folder = await makeFolder();
  const root = join(folder, 'lake');
  const lake = new SmallLake(root);
  await copySamples(folder, 'plain');
  await appendFile(join(folder, 'metric-events', 'events.jsonl'), `${FAULTY.join('\n')}\n`);
  await writeFile(join(folder, 'late.ndjson'), LATE_EVENTS);
  for (const args of [
    ['metrics', join(folder, 'metrics-csv')],
    ['events', join(folder, 'metric-events')],
    ['events', join(folder, 'late.ndjson'), '--mode', 'streaming'],
    ['logs', join(folder, 'access-logs')],
  ]) {
    const { exitCode, stderr } = await lake.ingest(args);
    if (exitCode !== 0) throw new Error(stderr);
  }
  return { folder, root };
}
