import { z } from 'zod';

/** Settings of the Flink job that a deployment may choose; the others follow from the stack. */
const JOB_SETTINGS = [
  'windowSizeSeconds',
  'outOfOrdernessSeconds',
  'idleTimeoutSeconds',
  'allowedLatenessSeconds',
  'maxFutureSkewSeconds',
  'startAt',
  'maxEventIdsPerWindow',
  'shardDiscoverySeconds',
] as const;

const days = (least: number) => z.int().min(least).max(3650);

/**
 * All that a deployment may be told, with defaults that cost little when nothing happens.
 *
 * Each field's description is its documentation; the unit is in its name.
 */
export const pulselakeConfigSchema = z.strictObject({
  environment: z
    .string()
    .regex(
      /^[a-z][a-z0-9]{0,10}$/,
      'must be a small letter, then up to 10 small letters or digits: names of buckets have 63 characters',
    )
    .describe('Name of the deployment; it is in the name of everything that is made'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region, for example eu-central-1')
    .describe('The AWS region of all stacks'),
  load: z
    .strictObject({
      eventsPerSecond: z.number().min(0).default(10).describe('Metric events, in the busiest hours'),
      components: z.int().min(0).default(10).describe('Components that send metrics'),
      logLinesPerDay: z.number().min(0).default(100_000).describe('Lines of access logs'),
      dashboardViewers: z.int().min(0).default(2).describe('People who look at dashboards in a month'),
    })
    .prefault({})
    .describe('What is expected, for the estimate of the costs'),
  monthlyBudgetDollars: z
    .number()
    .positive()
    .default(300)
    .describe('AWS tells when spending nears it; the synthesis fails when the load would cost more'),
  alarmEmail: z.email().optional().describe('Who is told of alarms; nobody when absent'),
  retention: z
    .strictObject({
      landingDays: days(7).default(90).describe('Incoming files'),
      rejectedDays: days(1).default(30).describe('Rejected records: their raw text may name people'),
      queryResultDays: days(1).default(7).describe('Results of Athena'),
      accessLogDays: days(1).default(90).describe("Who read and wrote the buckets' objects"),
      serviceLogDays: z
        .literal([1, 3, 5, 7, 14, 30, 60, 90, 180, 365])
        .default(30)
        .describe('Logs of the services in CloudWatch'),
      lakeInfrequentAccessDays: days(30).default(90).describe('When data of the lake moves to the cheaper class'),
    })
    .prefault({}),
  lake: z
    .strictObject({
      firstDay: z.iso.date().default('2020-01-01').describe('The first day that queries look for partitions of'),
      scanLimitGb: z.int().min(1).max(7000).default(100).describe('A query that would read more is cancelled'),
      removeWithStack: z
        .boolean()
        .default(false)
        .describe('Whether removing the stack removes the buckets, with all they hold'),
    })
    .prefault({}),
  streams: z
    .strictObject({
      onDemand: z.boolean().default(false).describe('Pay by use, without shards to choose; dearer when idle'),
      eventShards: z.int().min(1).max(10_000).default(1).describe('1,000 events/s or 1 MB/s each'),
      windowShards: z.int().min(1).max(10_000).default(1).describe('Of the windows on their way to the lake'),
      retentionHours: z.int().min(24).max(8760).default(24).describe('How long the job may stand still without loss'),
    })
    .prefault({}),
  flink: z
    .strictObject({
      parallelism: z.int().min(1).max(64).default(1).describe('At the start'),
      parallelismPerKpu: z.int().min(1).max(8).default(1).describe('Subtasks that share a KPU'),
      autoScaling: z.boolean().default(true).describe('Whether the service changes the parallelism by load'),
      usualKpus: z
        .int()
        .min(1)
        .max(64)
        .default(4)
        .describe('An alarm tells of more; the service itself is bounded by the quota of the account only'),
      checkpointSeconds: z.int().min(10).max(3600).default(60).describe('Between two checkpoints of the job'),
      schedule: z
        .strictObject({
          start: cron().describe('When it is started'),
          stop: cron().describe('When it is stopped'),
          timeZone: z.string().default('UTC').describe('Of both, for example Europe/Berlin'),
        })
        .optional()
        .describe('When the job is started and stopped, with a snapshot; always on when absent'),
      settings: z
        .partialRecord(z.enum(JOB_SETTINGS), z.union([z.string(), z.number()]))
        .default({})
        .describe("The job's own settings, as the page on windows on Flink describes them"),
    })
    .prefault({}),
  firehose: z
    .strictObject({
      bufferSeconds: z.int().min(60).max(900).default(300).describe('How long windows wait to become a file'),
      bufferMebibytes: z.int().min(64).max(128).default(64).describe('So many make a file at once'),
    })
    .prefault({}),
  metricsEtl: z
    .strictObject({
      maxCapacityDpu: z.literal([0.0625, 1]).default(0.0625).describe('Size of the Glue job'),
      timeoutMinutes: z.int().min(1).max(2880).default(60).describe('A run that takes longer is ended'),
      retries: z.int().min(0).max(10).default(1).describe('Further tries of a run that failed'),
      batchSeconds: z.int().min(1).max(900).default(300).describe('New files are gathered this long'),
      sweep: cron().default('cron(15 3 * * ? *)').describe('When all of landing is looked through, UTC'),
    })
    .prefault({}),
  trafficReport: z
    .strictObject({
      release: z
        .string()
        .regex(/^emr-7\.\d+\.\d+$/)
        .default('emr-7.13.0')
        .describe('Release of EMR Serverless, with its Spark'),
      daily: cron().default('cron(30 4 * * ? *)').describe('When the last days are reported, UTC'),
      executors: z.int().min(1).max(1000).default(1).describe('Each with 1 vCPU and 2 GB'),
      maxVcpu: z.int().min(2).max(4000).default(4).describe('Of all runs together'),
      timeoutMinutes: z.int().min(5).max(1440).default(120).describe('A run that takes longer is ended'),
      idleStopMinutes: z
        .int()
        .min(1)
        .max(10_080)
        .default(5)
        .describe('The application stops when it has run nothing this long'),
      retries: z
        .int()
        .min(0)
        .max(5)
        .default(2)
        .describe('Further tries of a run that failed; two more where it would pass, as throttling does'),
    })
    .prefault({}),
  grafana: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('role').describe('The role alone'),
        trustedPrincipalArn: z
          .string()
          .regex(/^arn:aws[a-z-]*:iam::/)
          .optional()
          .describe('Who may act as the role; when absent, whom the account allows to'),
      }),
      z.strictObject({
        kind: z.literal('workspace').describe('A Managed Grafana workspace besides'),
        version: z.string().default('10.4').describe('Release of Grafana'),
      }),
    ])
    .default({ kind: 'role' })
    .describe('A Managed Grafana workspace (paid by user), or the role alone for a Grafana of your own'),
  alarms: z
    .strictObject({
      iteratorAgeMinutes: z
        .int()
        .min(1)
        .max(1440)
        .default(10)
        .describe('How far the job may be behind the stream of events'),
      freshnessMinutes: z
        .int()
        .min(5)
        .max(1440)
        .default(30)
        .describe('How long windows may wait to come into the lake'),
      rejectedPercent: z.number().gt(0).max(100).default(5).describe('Late and rejected events, of all'),
      quietHours: z.int().min(1).max(24).default(6).describe('Without any event: no data at all'),
    })
    .prefault({}),
});

/** What a deployment is, checked. */
export type PulselakeConfig = z.infer<typeof pulselakeConfigSchema>;

/** Wrong configuration, in words for people. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Checks a configuration and fills in the defaults. Pure.
 *
 * @param where what people know it by, for messages
 * @throws ConfigError that names each wrong field, its value and what is allowed
 */
export function parseConfig(input: unknown, where: string): PulselakeConfig {
  const parsed = pulselakeConfigSchema.safeParse(input);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => {
      const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], input);
      return `  ${path.join('.') || '(all)'} is ${value === undefined ? 'missing' : JSON.stringify(value)}: ${message}`;
    });
    throw new ConfigError(`${where} cannot be used:\n${lines.join('\n')}\nSee apps/infrastructure/README.md.`);
  }
  return parsed.data;
}

function cron() {
  return z.string().regex(/^(cron|rate)\(.+\)$/, 'must be like cron(30 4 * * ? *)');
}
