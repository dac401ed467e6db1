import { parseInstant, utcDay } from '@pulselake/data-model';
import type { ExpectedResults } from '../expected/expected-results.js';
import type { BytesFile } from '../files/dataset-file.js';
import { encodeLines } from '../files/encode-lines.js';
import type { Random } from '../random.js';
import { formatJavaInstant } from '../records/format-java-instant.js';
import { callGraph, type CallGraph } from './call-graph.js';
import { isOversized } from './classify-record.js';
import { timerInstant, type ServerAccessLogTask, type TaskCall } from './task-schema.js';

/** The shape that the training's generator writes. Any text may stand in it, so that its own lines must be read back. */
const GENERATED_LINE = /^(.*?) {2}- (.*?) "(.*)" (\d{3}) \[([^[\]]{1,64})\] "(.*)"$/s;
const MACHINE = /^Machine \([^;()]*(?:;([^()]*))?\)$/;

/**
 * The files of a task: `access-logs/<called service>-<day>.txt` without final newline, one line a call, callers before
 * those they call. All lines are held in memory, since calls spill over midnight.
 */
export function accessLogTaskFiles(task: ServerAccessLogTask, random: Random): readonly BytesFile[] {
  const linesByName = simulate(task, random.fork('access-log'));
  return [...linesByName]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { service, lines }]) => ({
      kind: 'bytes',
      path: `access-logs/${name}`,
      stage: 'traffic-report',
      gzip: false,
      *chunks(expected) {
        for (const line of lines) tally(line, service, expected);
        yield* encodeLines(lines, { finalNewline: false, onRecord: () => expected.read('traffic-report') });
      },
    }));
}

interface ServiceDay {
  readonly service: string;
  readonly lines: string[];
}

function simulate(task: ServerAccessLogTask, random: Random): Map<string, ServiceDay> {
  const files = new Map<string, ServiceDay>();
  const graph: CallGraph = callGraph(task);
  const { networkLagMinMillis: lagMin, networkLagMaxMillis: lagMax } = task;
  const log = (call: TaskCall, timeMs: number, head: string, agent: string): void => {
    const name = `${call.serviceName}-${utcDay(timeMs)}.txt`;
    let file = files.get(name);
    if (!file) {
      file = { service: call.serviceName, lines: [] };
      files.set(name, file);
    }
    const request = `${call.httpMethod} ${call.relativeUrl}`;
    file.lines.push(`${head} "${request}" 200 [${formatJavaInstant(timeMs)}] "${agent}"`);
    const dependencies = graph.get(`${call.serviceName} ${request}`) ?? [];
    if (dependencies.length === 0) return;
    const childMs = timeMs + Math.floor(lagMin + (lagMax - lagMin) * random.next());
    for (const dependency of dependencies) {
      log(dependency, childMs, `<masked>  - ${call.serviceName}`, 'Apache HTTP Client');
    }
  };
  for (let iteration = 0; iteration < task.numberOfIterations; iteration++) {
    const timeMs = timerInstant(task.timer, iteration);
    for (const { call, userAddress, remoteUser, userAgent } of task.loadItems) {
      log(call, timeMs, `${userAddress}  - ${remoteUser}`, userAgent);
    }
  }
  return files;
}

function tally(line: string, target: string, expected: ExpectedResults): void {
  if (isOversized(line)) {
    expected.reject('traffic-report', 'too-long', line);
    return;
  }
  const [, address, user, , status, time, agent] = GENERATED_LINE.exec(line) ?? [];
  const timeMs = parseInstant(time ?? '');
  const machine = MACHINE.exec(agent ?? '');
  const named = machine?.[1]?.trim();
  const isService = machine !== null || address === '<masked>';
  const source = named !== undefined && named !== '' ? named : isService ? user : undefined;
  if (address === undefined || (isService && (source === '' || source === '-'))) {
    expected.reject('traffic-report', 'unparsed-line', line);
  } else if (timeMs === undefined) {
    expected.reject('traffic-report', 'bad-timestamp', line);
  } else {
    expected.call({ source, target, timeMs, status: Number(status) });
  }
}
