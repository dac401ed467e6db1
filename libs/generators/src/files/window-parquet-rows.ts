import type { ExpectedResults } from '../expected/expected-results.js';
import type { FleetService } from '../fleet.js';
import type { PresetPlan } from '../preset-plan.js';
import type { Random } from '../random.js';
import { FaultPicker } from '../records/fault-picker.js';
import type { WindowedParquetRow } from './dataset-file.js';
import { windows } from './window-lines.js';

export interface WindowParquetRowsOptions {
  readonly plan: PresetPlan;
  readonly service: FleetService;
  readonly random: Random;
}

/** The rows of a windowed-metrics Parquet file: windows 12 times as long as those of the CSV, some without sum and count. */
export function* windowParquetRows(
  { plan, service, random }: WindowParquetRowsOptions,
  expected: ExpectedResults,
): Iterable<WindowedParquetRow> {
  const kinds = ['missingField', 'notFinite', 'minAboveMax', 'emptyWindow'] as const;
  const picker = new FaultPicker({ faults: plan.faults, kinds, random: random.fork('faults'), plant: true });
  const options = {
    plan,
    service,
    windowMs: plan.windowMs * 12,
    fromMs: plan.startMs,
    toMs: plan.nowMs,
    withSums: true,
  };
  for (const window of windows({ ...options, random })) {
    expected.read('metrics-etl');
    const { sumValue, sampleCount, fromMs, toMs, ...rest } = window;
    const hasSums = sumValue !== undefined && sampleCount !== undefined && random.chance(0.9);
    const row: WindowedParquetRow = {
      ...rest,
      ...(hasSums ? { sumValue, sampleCount } : {}),
      fromTimestamp: new Date(fromMs),
      toTimestamp: new Date(toMs),
    };
    switch (picker.pick()) {
      case 'missingField':
        expected.reject('metrics-etl', 'missing-field');
        yield { ...row, unit: '' };
        break;
      case 'notFinite':
        expected.reject('metrics-etl', 'not-finite');
        yield { ...row, minValue: random.pick([Infinity, -Infinity]) };
        break;
      case 'minAboveMax':
        expected.reject('metrics-etl', 'min-above-max');
        yield { ...row, minValue: row.maxValue + 1 };
        break;
      case 'emptyWindow':
        expected.reject('metrics-etl', 'empty-window');
        yield { ...row, toTimestamp: row.fromTimestamp };
        break;
      default:
        expected.window(window, hasSums ? window : { ...window, sumValue: undefined, sampleCount: undefined });
        yield row;
    }
  }
}
