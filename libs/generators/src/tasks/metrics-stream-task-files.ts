import type { ExpectedResults } from '../expected/expected-results.js';
import type { BytesFile } from '../files/dataset-file.js';
import { encodeLines } from '../files/encode-lines.js';
import type { Random } from '../random.js';
import { formatJavaDouble } from '../records/format-java-double.js';
import { formatJavaInstant } from '../records/format-java-instant.js';
import { classifyRecord, isOversized } from './classify-record.js';
import { timerInstant, type MetricsStreamTask } from './task-schema.js';

/** The file of a task: `events/<stream>.ndjson`, what the training's generator would put into the stream, in its order. */
export function metricsStreamTaskFiles(task: MetricsStreamTask, random: Random): readonly BytesFile[] {
  const path = `events/${task.stream.streamName}.ndjson`;
  return [
    {
      kind: 'bytes',
      path,
      stage: 'stream-windows',
      gzip: false,
      chunks: (expected) =>
        encodeLines(events({ task, random: random.fork(path) }, expected), {
          onRecord: () => expected.read('stream-windows'),
        }),
    },
  ];
}

function* events(
  { task, random }: { readonly task: MetricsStreamTask; readonly random: Random },
  expected: ExpectedResults,
): Iterable<string> {
  for (let iteration = 0; iteration < task.iterationsNumber; iteration++) {
    const timeMs = timerInstant(task.timer, iteration);
    for (const [componentName, metrics] of Object.entries(task.metrics)) {
      for (const [metricName, { unit, minValue, maxValue }] of Object.entries(metrics)) {
        const value = minValue + (maxValue - minValue) * random.next();
        const names = `{"metricName":${JSON.stringify(metricName)},"componentName":${JSON.stringify(componentName)}`;
        const line = `${names},"publicationTimestamp":"${formatJavaInstant(timeMs)}","value":${formatJavaDouble(value)},"unit":${JSON.stringify(unit)}}`;
        const reason = isOversized(line)
          ? 'too-long'
          : Number.isFinite(value)
            ? classifyRecord({ componentName, metricName, unit, values: [value] })
            : // Bare NaN and Infinity are not JSON.
              'malformed';
        if (reason === undefined) expected.event('stream-windows', { componentName, metricName, unit, value, timeMs });
        else expected.reject('stream-windows', reason, line);
        yield line;
      }
    }
  }
}
