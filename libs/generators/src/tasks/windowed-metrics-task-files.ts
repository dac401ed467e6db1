import { WINDOWED_METRIC_CSV_COLUMNS } from '@pulselake/data-model';
import type { ExpectedResults } from '../expected/expected-results.js';
import type { BytesFile } from '../files/dataset-file.js';
import { encodeLines } from '../files/encode-lines.js';
import type { Random } from '../random.js';
import { formatJavaDouble } from '../records/format-java-double.js';
import { formatJavaInstant } from '../records/format-java-instant.js';
import { classifyRecord, isOversized } from './classify-record.js';
import { timerInstant, timerStepMs, type WindowedMetricsTask } from './task-schema.js';

/** The files of a task: `metrics/<component>.csv`, unquoted, without final newline. */
export function windowedMetricsTaskFiles(task: WindowedMetricsTask, random: Random): readonly BytesFile[] {
  return Object.keys(task.metrics).map((componentName) => {
    const path = `metrics/${componentName}.csv`;
    return {
      kind: 'bytes',
      path,
      stage: 'metrics-etl',
      gzip: false,
      chunks: (expected) =>
        encodeLines(rows({ task, componentName, random: random.fork(path) }, expected), {
          header: WINDOWED_METRIC_CSV_COLUMNS.join(','),
          finalNewline: false,
          onRecord: () => expected.read('metrics-etl'),
        }),
    };
  });
}

interface RowsOptions {
  readonly task: WindowedMetricsTask;
  readonly componentName: string;
  readonly random: Random;
}

function* rows({ task, componentName, random }: RowsOptions, expected: ExpectedResults): Iterable<string> {
  for (let iteration = 0; iteration < task.numberOfIterations; iteration++) {
    const fromMs = timerInstant(task.timer, iteration);
    const toMs = fromMs + timerStepMs(task.timer);
    for (const [metricName, metric] of Object.entries(task.metrics[componentName]!)) {
      const { unit, averageFrom, averageTo, minDiff, maxDiff } = metric;
      const between = (from: number, to: number): number => from + (to - from) * random.next();
      const average = between(averageFrom, averageTo);
      const minValue = average - Math.abs(between(minDiff, maxDiff));
      const maxValue = average + Math.abs(between(minDiff, maxDiff));
      const row = [
        componentName,
        formatJavaInstant(fromMs),
        formatJavaDouble(maxValue),
        metricName,
        formatJavaDouble(minValue),
        formatJavaInstant(toMs),
        unit,
      ].join(',');
      const fields = splitRow(row);
      const names =
        fields?.length === 7 ? { componentName: fields[0]!, metricName: fields[3]!, unit: fields[6]! } : undefined;
      const reason = isOversized(row)
        ? 'too-long'
        : names
          ? classifyRecord({ ...names, values: [minValue, maxValue] })
          : 'malformed';
      if (reason === undefined && names) expected.window(names, { fromMs, toMs, minValue, maxValue });
      else expected.reject('metrics-etl', reason ?? 'malformed', row);
      yield row;
    }
  }
}

/** What a reader makes of a row that nobody quoted: a name may hold commas and quotes. `undefined` when it is torn. */
function splitRow(row: string): string[] | undefined {
  const fields: string[] = [];
  for (let rest: string | undefined = `,${row}`; rest !== '';) {
    const match: RegExpExecArray | null = /^,(?:"((?:[^"]|"")*)"(?=,|$)|(?!")([^,]*))/.exec(rest);
    if (!match) return undefined;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    rest = rest.slice(match[0].length);
  }
  return fields;
}
