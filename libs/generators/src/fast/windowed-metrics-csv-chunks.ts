import { formatInstant } from '@pulselake/data-model';
import { createRandom } from '../random.js';
import { benchmarkSeries } from './benchmark-series.js';
import { bulkPeriod, checkedCount, type BulkOptions } from './bulk-options.js';
import { ByteWriter } from './byte-writer.js';

const COMMA = 44;
const LINE_FEED = 10;
const SAMPLE_COUNT = 30;

/** What {@link windowedMetricsCsvChunks} makes. */
export interface WindowedMetricsCsvChunksOptions extends BulkOptions {
  /** Components with four metrics each, 1 to 10,000; default 10. */
  readonly components?: number | undefined;
  /** Whether there are columns `sumValue` and `sampleCount`; default true. */
  readonly withSums?: boolean | undefined;
  /** Called for each row, in order. The columns are passed one by one: an object for each would double the time. */
  readonly onWindow?: (
    seriesIndex: number,
    fromMs: number,
    toMs: number,
    minValue: number,
    maxValue: number,
    sumValue: number,
    sampleCount: number,
  ) => void;
}

/**
 * Windowed metrics as CSV with a header, made for speed: contiguous windows of all series in order of time.
 *
 * @throws RangeError when an option is out of its range, or a window would be shorter than a millisecond
 * @example windowedMetricsCsvChunks({ records: 2_000_000, seed: 7 })
 */
export function* windowedMetricsCsvChunks(options: WindowedMetricsCsvChunksOptions): Iterable<Uint8Array> {
  const { records, seed, withSums = true, onWindow } = options;
  const { startMs, lengthMs } = bulkPeriod(options);
  const series = benchmarkSeries(checkedCount('components', options.components ?? 10));
  const components = series.map(({ componentName }) => Buffer.from(`${componentName},`));
  const metrics = series.map(({ metricName }) => Buffer.from(`,${metricName},`));
  const units = series.map(({ unit }) => Buffer.from(`,${unit}`));
  const windowMs = Math.floor(lengthMs / Math.max(1, Math.ceil(records / series.length)));
  if (windowMs < 1) throw new RangeError(`${records} records do not fit into ${lengthMs} ms: ask for more days.`);
  const random = createRandom(seed).fork('windowed-metrics');
  const writer = new ByteWriter();
  writer.bytes(
    Buffer.from(
      `componentName,fromTimestamp,maxValue,metricName,minValue,toTimestamp,unit${withSums ? ',sumValue,sampleCount' : ''}\n`,
    ),
  );
  let fromMs = startMs;
  let from = Buffer.from(formatInstant(fromMs));
  let to = from;
  for (let record = 0; record < records; record++) {
    const index = record % series.length;
    if (index === 0) {
      fromMs = startMs + (record / series.length) * windowMs;
      from = record === 0 ? from : to;
      to = Buffer.from(formatInstant(fromMs + windowMs));
    }
    const draw = random.uint32();
    const base = series[index]!.baseThousandths;
    const minThousandths = (base + ((draw & 0xffff) * base) / 131_072) | 0;
    const maxThousandths = (minThousandths + ((draw >>> 16) * base) / 262_144) | 0;
    const sumThousandths = Math.floor((minThousandths + maxThousandths) / 2) * SAMPLE_COUNT;
    writer.bytes(components[index]!);
    writer.bytes(from);
    writer.byte(COMMA);
    writer.thousandths(maxThousandths);
    writer.bytes(metrics[index]!);
    writer.thousandths(minThousandths);
    writer.byte(COMMA);
    writer.bytes(to);
    writer.bytes(units[index]!);
    if (withSums) {
      writer.byte(COMMA);
      writer.thousandths(sumThousandths);
      writer.byte(COMMA);
      writer.integer(SAMPLE_COUNT);
    }
    writer.byte(LINE_FEED);
    onWindow?.(
      index,
      fromMs,
      fromMs + windowMs,
      minThousandths / 1000,
      maxThousandths / 1000,
      sumThousandths / 1000,
      SAMPLE_COUNT,
    );
    const full = writer.takeFull();
    if (full) yield full;
  }
  yield writer.take();
}
