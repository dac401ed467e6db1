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
  z.strictObject({
    '@type': z.literal('synthetic').describe('Instants of the past, at a fixed distance'),
    startTime: InstantSchema.describe('The first instant'),
    stepMillis: Count.describe('Between two instants; of windowed metrics also the length of a window'),
  }),
  z.strictObject({
    '@type': z
      .literal('realtime')
      .describe('The same instants; `pulselake-produce` sends them as far apart as they are'),
    startTime: InstantSchema.describe('The first instant'),
    rateMillis: Count.describe('Between two instants; of windowed metrics also the length of a window'),
  }),
]);
export type TaskTimer = z.infer<typeof TimerSchema>;

const RandomSeed = z.int().optional().describe('The same seed gives the same data; `--seed` goes before it');
const Iterations = Count.describe('How often the timer fires');
const Timer = TimerSchema.describe('When things happen');

const WindowedMetricsTaskSchema = z.strictObject({
  '@type': z.literal('windowed-metrics').describe('Windowed metrics as CSV, a file for each component'),
  randomSeed: RandomSeed,
  numberOfIterations: Iterations,
  timer: Timer,
  outputFilePath: z.string().describe("For the training's own generator; not used here"),
  metrics: z
    .record(
      FileNamePart,
      z.record(
        OneLine,
        z.strictObject({
          unit: OneLine.describe('Unit of the values'),
          averageFrom: z.number().describe("Lowest middle of a window's values"),
          averageTo: z.number().describe("Highest middle of a window's values"),
          minDiff: z.number().describe('Least distance of the minimum and the maximum from the middle'),
          maxDiff: z.number().describe('Largest distance of the minimum and the maximum from the middle'),
        }),
      ),
    )
    .describe('By component and metric'),
});
/** A task that writes windowed metrics. */
export type WindowedMetricsTask = z.infer<typeof WindowedMetricsTaskSchema>;

const CallSchema = z.strictObject({
  serviceName: FileNamePart.describe('The called service'),
  relativeUrl: OneLine.describe('The called path'),
  httpMethod: OneLine.describe('How it is called, for example `GET`'),
});
export type TaskCall = z.infer<typeof CallSchema>;

const ServerAccessLogTaskSchema = z.strictObject({
  '@type': z.literal('server-access-log').describe('Access logs, a file for each service and day'),
  randomSeed: RandomSeed,
  services: z
    .array(
      z.strictObject({
        name: FileNamePart.describe('Name of the service'),
        endpoints: z
          .array(
            z.strictObject({
              relativeUrl: OneLine.describe('Path of the endpoint'),
              httpMethod: OneLine.describe('How it is called'),
              dependencies: z.array(CallSchema).describe('What it calls in turn'),
            }),
          )
          .describe('What can be called'),
      }),
    )
    .describe('Services and what they call'),
  loadItems: z
    .array(
      z.strictObject({
        userAgent: OneLine.describe('Program of the caller; `Machine (…; …)` is that of a service'),
        userAddress: OneLine.describe('Address of the caller; `<masked>` is that of a service'),
        remoteUser: OneLine.describe('Name of the caller'),
        call: CallSchema.describe('What is called'),
      }),
    )
    .describe('Calls from outside, each made whenever the timer fires'),
  numberOfIterations: Iterations,
  networkLagMinMillis: z.number().min(0).describe('Least time from a call to the calls that follow from it'),
  networkLagMaxMillis: z.number().min(0).describe('Most time of the same, not less than the least'),
  timer: Timer,
  outputDirectoryPath: z.string().describe("For the training's own generator; not used here"),
});
/** A task that writes access logs, a file for each service and day. */
export type ServerAccessLogTask = z.infer<typeof ServerAccessLogTaskSchema>;

const MetricsStreamTaskSchema = z.strictObject({
  '@type': z.literal('kinesis-metrics-stream').describe('Metric events, to a file or to a Kinesis stream'),
  randomSeed: RandomSeed,
  auth: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Keys are the business of who sends; here they are accepted and left alone'),
  stream: z
    .strictObject({
      endpoint: z.string().optional().describe('Another address of Kinesis, such as an emulator'),
      region: z.string().describe('AWS region of the stream'),
      streamName: FileNamePart.describe('The stream; also names the file'),
      timeoutMillis: z.int().min(0).describe("For the training's own generator; not used here"),
    })
    .describe('Where the events go'),
  iterationsNumber: Iterations,
  timer: Timer,
  metrics: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.strictObject({
          unit: z.string().describe('Unit of the values'),
          minValue: z.number().describe('Lowest value, inclusive'),
          maxValue: z.number().describe('Highest value, exclusive'),
        }),
      ),
    )
    .describe('By component and metric'),
});
/** A task that sends metric events to a Kinesis stream. */
export type MetricsStreamTask = z.infer<typeof MetricsStreamTaskSchema>;

/** A task of the training's generator. Unknown fields are errors. */
export const TaskSchema = z.discriminatedUnion('@type', [
  WindowedMetricsTaskSchema,
  ServerAccessLogTaskSchema,
  MetricsStreamTaskSchema,
]);
/** A checked task of the training's generator; `@type` says which. */
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
