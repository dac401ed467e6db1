import { formatInstant, InstantSchema, parseInstant } from '@pulselake/data-model';
import { z } from 'zod';

/** A text that stays on its line. */
const OneLine = z.string().refine((text) => !/[\r\n]/.test(text), { error: 'must not hold a line break' });
/** A name that becomes part of a file's name. */
const FileNamePart = z.string().regex(/^(?!\.{1,2}$)[^/\\\0\r\n]{1,200}$/, {
  error: 'must have 1 to 200 characters, none of them "/", "\\" or a line break, since it names a file',
});
const Count = z.int().min(1);

const TimerSchema = z.discriminatedUnion('@type', [
  z.strictObject({ '@type': z.literal('synthetic'), startTime: InstantSchema, stepMillis: Count }),
  z.strictObject({ '@type': z.literal('realtime'), startTime: InstantSchema, rateMillis: Count }),
]);
export type TaskTimer = z.infer<typeof TimerSchema>;

const RandomSeed = z.int().optional();

const WindowedMetricsTaskSchema = z.strictObject({
  '@type': z.literal('windowed-metrics'),
  randomSeed: RandomSeed,
  numberOfIterations: Count,
  timer: TimerSchema,
  outputFilePath: z.string(),
  metrics: z.record(
    FileNamePart,
    z.record(
      OneLine,
      z.strictObject({
        unit: OneLine,
        averageFrom: z.number(),
        averageTo: z.number(),
        minDiff: z.number(),
        maxDiff: z.number(),
      }),
    ),
  ),
});
export type WindowedMetricsTask = z.infer<typeof WindowedMetricsTaskSchema>;

const CallSchema = z.strictObject({ serviceName: FileNamePart, relativeUrl: OneLine, httpMethod: OneLine });
export type TaskCall = z.infer<typeof CallSchema>;

const ServerAccessLogTaskSchema = z.strictObject({
  '@type': z.literal('server-access-log'),
  randomSeed: RandomSeed,
  services: z.array(
    z.strictObject({
      name: FileNamePart,
      endpoints: z.array(
        z.strictObject({ relativeUrl: OneLine, httpMethod: OneLine, dependencies: z.array(CallSchema) }),
      ),
    }),
  ),
  loadItems: z.array(
    z.strictObject({ userAgent: OneLine, userAddress: OneLine, remoteUser: OneLine, call: CallSchema }),
  ),
  numberOfIterations: Count,
  networkLagMinMillis: z.number().min(0),
  networkLagMaxMillis: z.number().min(0),
  timer: TimerSchema,
  outputDirectoryPath: z.string(),
});
export type ServerAccessLogTask = z.infer<typeof ServerAccessLogTaskSchema>;

const MetricsStreamTaskSchema = z.strictObject({
  '@type': z.literal('kinesis-metrics-stream'),
  randomSeed: RandomSeed,
  /** Keys are the business of who sends; here they are accepted and left alone. */
  auth: z.record(z.string(), z.unknown()).optional(),
  stream: z.strictObject({
    endpoint: z.string().optional(),
    region: z.string(),
    streamName: FileNamePart,
    timeoutMillis: z.int().min(0),
  }),
  iterationsNumber: Count,
  timer: TimerSchema,
  metrics: z.record(
    z.string(),
    z.record(z.string(), z.strictObject({ unit: z.string(), minValue: z.number(), maxValue: z.number() })),
  ),
});
export type MetricsStreamTask = z.infer<typeof MetricsStreamTaskSchema>;

/** A task of the training's generator. Unknown fields are errors. */
export const TaskSchema = z.discriminatedUnion('@type', [
  WindowedMetricsTaskSchema,
  ServerAccessLogTaskSchema,
  MetricsStreamTaskSchema,
]);
export type Task = z.infer<typeof TaskSchema>;

/** The timer's instants, simulated: `start + iteration × step`, in milliseconds. */
export function timerInstant(timer: TaskTimer, iteration: number): number {
  return parseInstant(timer.startTime)! + iteration * timerStepMs(timer);
}

/** The distance of two instants of a timer. */
export function timerStepMs(timer: TaskTimer): number {
  return timer['@type'] === 'synthetic' ? timer.stepMillis : timer.rateMillis;
}

/** How often a task's timer fires. */
function taskIterations(task: Task): number {
  return task['@type'] === 'kinesis-metrics-stream' ? task.iterationsNumber : task.numberOfIterations;
}

/** The instant after the task's last one, or `undefined` when it lies beyond the year 9999. */
export function taskEnd(task: Task): number | undefined {
  const end = timerInstant(task.timer, taskIterations(task));
  try {
    formatInstant(end);
    return end;
  } catch {
    return undefined;
  }
}
