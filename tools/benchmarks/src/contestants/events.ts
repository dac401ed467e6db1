import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { DEFAULT_WINDOW_SETTINGS } from '@pulselake/data-model';
import { MetricEventParser, SeriesTable, WindowAggregator, type WindowResult } from '@pulselake/processing';
import { readBlocks } from '../read-blocks.js';

/** Events of a file to windows in memory, on one core. */
export function eventsToWindows([path]: readonly string[]): Promise<string[]> {
  const started = performance.now();
  const series = new SeriesTable();
  const windows: WindowResult[] = [];
  const aggregator = new WindowAggregator({
    settings: DEFAULT_WINDOW_SETTINGS,
    mode: 'bounded',
    series,
    onWindow: (window) => windows.push(window),
  });
  const nowMs = Date.now();
  const input = aggregator.openInput(nowMs);
  const parser = new MetricEventParser({
    series,
    onEvent: (event) => void aggregator.add(input, event, nowMs),
    onRejected: ({ message }) => {
      throw new Error(message);
    },
  });
  for (const block of readBlocks(path!)) parser.push(block);
  parser.end();
  aggregator.finish();
  return Promise.resolve([checksum(windows), `seconds ${(performance.now() - started) / 1000}`]);
}

/** The same as one would write it in a minute. */
export async function eventsToWindowsNaively([path]: readonly string[]): Promise<string[]> {
  const started = performance.now();
  const windows = new Map<string, Map<number, { min: number; max: number; count: number }>>();
  const size = DEFAULT_WINDOW_SETTINGS.windowSizeSeconds * 1000;
  for await (const line of createInterface({ input: createReadStream(path!, { highWaterMark: 1 << 20 }) })) {
    const event = JSON.parse(line) as {
      componentName: string;
      metricName: string;
      unit: string;
      value: number;
      publicationTimestamp: string;
    };
    const key = `${event.componentName}\0${event.metricName}\0${event.unit}`;
    const from = Math.floor(Date.parse(event.publicationTimestamp) / size) * size;
    let ofSeries = windows.get(key);
    if (!ofSeries) windows.set(key, (ofSeries = new Map<number, { min: number; max: number; count: number }>()));
    const window = ofSeries.get(from);
    if (window) {
      window.min = Math.min(window.min, event.value);
      window.max = Math.max(window.max, event.value);
      window.count++;
    } else ofSeries.set(from, { min: event.value, max: event.value, count: 1 });
  }
  const all = [...windows.values()].flatMap((ofSeries) => [...ofSeries.values()]);
  return [
    checksum(all.map(({ min, max, count }) => ({ minValue: min, maxValue: max, sampleCount: count }))),
    `seconds ${(performance.now() - started) / 1000}`,
  ];
}

function checksum(windows: readonly Pick<WindowResult, 'minValue' | 'maxValue' | 'sampleCount'>[]): string {
  let lowest = 0;
  let highest = 0;
  let count = 0;
  for (const { minValue, maxValue, sampleCount } of windows) {
    lowest += minValue;
    highest += maxValue;
    count += sampleCount;
  }
  return `${windows.length} windows, ${count} events, ${lowest.toPrecision(9)} ${highest.toPrecision(9)}`;
}
