import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { event, HEADER, row } from './support/records.js';
import { folderOfTest, lakeOfTest } from './support/small-lake.js';

test('small files share a run and its files, and each stays an input of its own', async () => {
  const folder = await folderOfTest();
  await mkdir(join(folder, 'deep'));
  for (let at = 0; at < 300; at++) {
    const minute = String(at % 60).padStart(2, '0');
    const text = `${event(`10:${minute}:00`, at)}\n${at % 10 === 0 ? 'torn\n' : ''}`;
    await writeFile(join(folder, at % 2 ? 'deep' : '.', `e${at}.ndjson`), text);
  }
  await writeFile(join(folder, 'bad.ndjson.gz'), gzipSync(event('11:00:00')).subarray(0, 30));
  const lake = await lakeOfTest();

  const { exitCode, document, stderr } = await lake.ingest(['events', folder]);

  expect(exitCode).toBe(1);
  expect(document.counts).toMatchObject({ read: 330, accepted: 300, rejected: 30 });
  expect(document.inputs.filter(({ status }) => status === 'failed').map(({ path }) => path)).toEqual([
    join(folder, 'bad.ndjson.gz'),
  ]);
  expect(stderr).toBe('');
  const [good, ...others] = (await lake.ledger()).filter(({ status }) => status === 'succeeded');
  expect(others).toEqual([]);
  expect(good!.inputs).toHaveLength(300);
  expect(await lake.keys('windowed_metrics')).toHaveLength(1);
  expect(await lake.number('SELECT count(DISTINCT input_id) FROM windowed_metrics')).toBe(300);
  expect(await lake.number('SELECT count(DISTINCT part_id) FROM windowed_metrics')).toBe(300);
  expect((await lake.verify()).exitCode).toBe(0);

  // One of them grows, another is forgotten: the rest of the shared file stays.
  const grown = join(folder, 'e2.ndjson');
  await writeFile(grown, `${event('10:02:00', 2)}\n${event('10:02:01', 1000)}\n`);
  expect((await lake.ingest(['events', folder])).document.counts).toMatchObject({ read: 2, accepted: 2 });
  await lake.run(['forget', join(folder, 'deep', 'e5.ndjson')]);
  expect(await lake.number('SELECT sum(sample_count) FROM windowed_metrics')).toBe(300);
  const sum = (299 * 300) / 2 + 1000 - 5;
  expect(await lake.number('SELECT sum(sum_value) FROM windowed_metrics_current')).toBe(sum);
  expect((await lake.verify()).exitCode).toBe(0);
});

test('files of all formats share a run, and one whose header is wrong fails alone', async () => {
  const folder = await folderOfTest();
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write('a.csv', `${HEADER}\n${row({ component: 'a' })}\n`);
  await write('b.csv', 'componentName,unit\nx,y\n');
  await write(
    'c.csv',
    `componentName,metricName,unit,value,publicationTimestamp\nc,cpu,percent,7,2024-05-31T10:00:00Z\n`,
  );
  await write(
    'd.jsonl',
    `${JSON.stringify({ componentName: 'd', metricName: 'cpu', unit: 'percent', minValue: 1, maxValue: 2, fromTimestamp: '2024-05-31T10:00:00Z', toTimestamp: '2024-05-31T10:05:00Z' })}\n`,
  );
  await write('e.csv', '');
  const lake = await lakeOfTest();
  const { document } = await lake.ingest(['metrics', folder]);
  expect(document.inputs.map(({ status }) => status).sort()).toEqual([
    'failed',
    'ingested',
    'ingested',
    'ingested',
    'ingested',
  ]);
  expect(document.counts).toMatchObject({ read: 3, accepted: 3 });
  expect(
    await lake.rows("SELECT component_name, part_id <> '' AS part, sum_value FROM windowed_metrics ORDER BY 1"),
  ).toEqual([
    { component_name: 'a', part: false, sum_value: null },
    { component_name: 'c', part: true, sum_value: 7 },
    { component_name: 'd', part: false, sum_value: null },
  ]);
  expect((await lake.verify()).exitCode).toBe(0);
});
