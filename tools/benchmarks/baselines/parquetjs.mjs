// Windowed CSV to Parquet the way a Node program without native code does it: `parquetjs.mjs CSV PARQUET`.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import process from 'node:process';
import parquet from 'parquetjs-lite';

const [csv, target] = process.argv.slice(2);
const schema = new parquet.ParquetSchema({
  componentName: { type: 'UTF8' },
  fromTimestamp: { type: 'TIMESTAMP_MILLIS' },
  maxValue: { type: 'DOUBLE' },
  metricName: { type: 'UTF8' },
  minValue: { type: 'DOUBLE' },
  toTimestamp: { type: 'TIMESTAMP_MILLIS' },
  unit: { type: 'UTF8' },
});
const writer = await parquet.ParquetWriter.openFile(schema, target, { useDataPageV2: false });
let header = true;
for await (const line of createInterface({ input: createReadStream(csv) })) {
  if (header) {
    header = false;
    continue;
  }
  const [componentName, from, max, metricName, min, to, unit] = line.split(',');
  await writer.appendRow({
    componentName,
    fromTimestamp: new Date(from),
    maxValue: Number(max),
    metricName,
    minValue: Number(min),
    toTimestamp: new Date(to),
    unit,
  });
}
await writer.close();
