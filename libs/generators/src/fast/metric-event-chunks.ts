import { formatInstant } from '@pulselake/data-model';
import { createRandom } from '../random.js';
import { benchmarkSeries } from './benchmark-series.js';
import { bulkPeriod, checkedCount, type BulkOptions } from './bulk-options.js';
import { ByteWriter } from './byte-writer.js';

/** What {@link metricEventChunks} makes. */
export interface MetricEventChunksOptions extends BulkOptions {
  /** Components with four metrics each, 1 to 10,000; default 10. */
  readonly components?: number | undefined;
  /** Whether each event has an `eventId`; default false. */
  readonly withIds?: boolean | undefined;
  /** Starts each `eventId`, at most 32 ASCII letters, digits or hyphens; default `e`. */
  readonly idPrefix?: string | undefined;
  /** Called for each event, in order. The fields are passed one by one: an object for each would double the time. */
  readonly onEvent?: (seriesIndex: number, timeMs: number, value: number) => void;
}

/**
 * Metric events as lines of JSON in the training's order of keys, made for speed: series in turn, in order of time.
 *
 * @throws RangeError when an option is out of its range
 * @example metricEventChunks({ records: 2_000_000, seed: 7, withIds: true })
 */
export function* metricEventChunks(options: MetricEventChunksOptions): Iterable<Uint8Array> {
  const { records, seed, withIds = false, idPrefix = 'e', onEvent } = options;
  const { startMs, lengthMs } = bulkPeriod(options);
  if (!/^[A-Za-z0-9-]{0,32}$/.test(idPrefix)) {
    throw new RangeError(`idPrefix is "${idPrefix}"; it must have at most 32 ASCII letters, digits or hyphens.`);
  }
  const series = benchmarkSeries(checkedCount('components', options.components ?? 10));
  const heads = series.map(({ metricName, componentName }) =>
    Buffer.from(`{"metricName":"${metricName}","componentName":"${componentName}","publicationTimestamp":"`),
  );
  const tails = series.map(({ unit }) => Buffer.from(`,"unit":"${unit}"`));
  const beforeValue = Buffer.from('Z","value":');
  const beforeId = Buffer.from(`,"eventId":"${idPrefix}`);
  const end = Buffer.from('}\n');
  const endAfterId = Buffer.from('"}\n');
  const stepMs = records === 0 ? 0 : lengthMs / records;
  const random = createRandom(seed).fork('metric-events');
  const writer = new ByteWriter();
  let second = -1;
  let secondText = Buffer.alloc(0);
  for (let record = 0; record < records; record++) {
    const index = record % series.length;
    const timeMs = startMs + Math.floor(record * stepMs);
    const millis = timeMs % 1000;
    if (timeMs - millis !== second) {
      second = timeMs - millis;
      // With the dot before the milliseconds.
      secondText = Buffer.from(formatInstant(second).slice(0, 20));
    }
    const base = series[index]!.baseThousandths;
    const valueThousandths = (base + (random.uint32() / 4_294_967_296) * base) | 0;
    writer.bytes(heads[index]!);
    writer.bytes(secondText);
    writer.padded(millis, 3);
    writer.bytes(beforeValue);
    writer.thousandths(valueThousandths);
    writer.bytes(tails[index]!);
    if (withIds) {
      writer.bytes(beforeId);
      writer.integer(record);
      writer.bytes(endAfterId);
    } else {
      writer.bytes(end);
    }
    onEvent?.(index, timeMs, valueThousandths / 1000);
    const full = writer.takeFull();
    if (full) yield full;
  }
  const rest = writer.take();
  if (rest.length > 0) yield rest;
}
