import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { stepForRange } from '@pulselake/dashboards';
import { glueTables } from '@pulselake/data-model';
import { DuckDbQueryEngine } from '@pulselake/lake';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { downloadLake, runGlueScript } from '../test/support/batch-engines.js';
import { pulselakeJson } from '../test/support/run-program.js';
import { type AwsServices, startAwsServices } from './support/aws-services.js';
import { definedQueries, inView, renderedQueries, type View } from './support/dashboard-queries.js';
import { asCsv, extraWindows } from './support/extra-windows.js';
import { makeCatalog } from './support/glue-catalog.js';
import { copyLake, type LakeObject } from './support/lake-bucket.js';
import { rowDifferences } from './support/row-differences.js';
import { runPython, setUpPython } from './support/run-python.js';
import { athenaStatements } from './support/athena-statements.js';
import { askTrino, type TrinoSession } from './support/trino-client.js';
import { startTrino, type TrinoServer } from './support/trino-server.js';

const DAY_MS = 86_400_000;
const startedAt = Date.now();
const dayBefore = (days: number) => new Date(startedAt - days * DAY_MS).toISOString().slice(0, 10);
/** The data ends today: a run's record lies on the day on which it ran. */
const NOW = `${dayBefore(0)}T12:04:00.000Z`;
const DAY = dayBefore(1);
/** The first of the data, which ends late: some pairs had not met yet. */
const FIRST_DAY = dayBefore(4);
const CATALOG = 'awsdatacatalog';
const DATABASE = 'pulselake';
const PREFIX = 'of/an environment';
const CONTRACT = fileURLToPath(new URL('../../../libs/data-model/contract', import.meta.url));

const fromMs = Date.parse(`${FIRST_DAY}T00:00:00Z`);
/** Midnight may pass while this runs. */
const toMs = Date.parse(`${dayBefore(-1)}T23:59:59Z`);

const VIEWS: readonly View[] = [
  {
    name: 'everything',
    fromMs,
    toMs,
    intervalMs: stepForRange({ fromMs, toMs, maxPoints: 300 }),
    chosen: { day: [DAY], compareDay: [FIRST_DAY] },
  },
  {
    name: 'some hours of some components',
    fromMs: Date.parse(`${DAY}T09:00:00Z`),
    toMs: Date.parse(`${DAY}T15:00:00Z`),
    intervalMs: 300_000,
    chosen: {
      component: ['payment-service', `O'Hara "quoted"`, 'firehose-service'],
      metric: ['latency'],
      day: [dayBefore(2)],
      compareDay: [DAY],
      service: ['payment-service'],
      reason: ['late', 'malformed'],
    },
  },
];

const folder = await mkdtemp(join(tmpdir(), 'pulselake-trino-'));
const lake = join(folder, 'lake');
const DAY_FOLDER = join(lake, 'windowed_metrics', `dt=${DAY}`);
const FIREHOSE_FILE = 'windows-1-06-00-00.parquet';
const defined = definedQueries();
const wrapped = await renderedQueries(join(folder, 'rendered'));
const statements = await athenaStatements(folder);
const queries = VIEWS.flatMap((view) => inView([...defined, ...wrapped], view));

let aws: AwsServices | undefined;
let server: TrinoServer | undefined;
let duckDb: DuckDbQueryEngine | undefined;
let trino: TrinoSession;
let objects: readonly LakeObject[];
/** Files of {@link DAY} by who wrote them. */
let written: Readonly<Record<string, readonly string[]>>;

beforeAll(async () => {
  setUpPython();
  aws = await startAwsServices(folder);
  await aws.s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  await writeEmbedded();
  const embedded = await readdir(DAY_FOLDER);
  await writeAsGlue(aws);
  const withGlue = await readdir(DAY_FOLDER);
  await writeAsFirehose();
  written = { embedded, glue: withGlue.filter((name) => !embedded.includes(name)), firehose: [FIREHOSE_FILE] };
  const committed = JSON.parse(await readFile(join(CONTRACT, 'glue-tables.json'), 'utf8')) as {
    tables: ReturnType<typeof glueTables>;
  };
  objects = await copyLake(aws.s3, lake, { bucket: 'lake', prefix: PREFIX, tables: committed.tables });
  await makeCatalog(aws.glue, committed.tables, {
    catalog: CATALOG,
    database: DATABASE,
    location: `s3://lake/${PREFIX}`,
    firstDay: dayBefore(10),
  });
  const started = Date.now();
  server = await startTrino({ folder: join(folder, 'trino'), catalog: CATALOG, awsEndpoint: aws.endpoint });
  tell(`Trino answers after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  trino = { address: server.address, catalog: CATALOG, schema: DATABASE };
  duckDb = await DuckDbQueryEngine.open(lake);
}, 1_200_000);

afterAll(async () => {
  await server?.stop();
  await aws?.stop();
  await duckDb?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a dashboard on Trino', () => {
  test('has queries, those that Grafana gets wrapped among them', () => {
    expect(defined.length).toBeGreaterThan(25);
    expect(wrapped.length).toBeGreaterThan(3);
  });

  test.each(queries)('$name has the rows that DuckDB gives', async ({ athena, duckDb: sql, name }) => {
    const expected = await duckDb!.query(sql);
    const result = await askTrino(trino, athena);
    tell(`${name}: ${result.rows.length} rows, ${result.physicalInputBytes} bytes, ${result.elapsedMs} ms`);
    expect(result.columns).toEqual(expected.columns.map(({ name: column }) => column));
    expect(rowDifferences(expected.rows, result.rows)).toEqual([]);
    if (name.endsWith('everything')) expect(result.rows).not.toEqual([]);
  });
});

describe('files of all writers', () => {
  test('lie in one table', async () => {
    const { rows } = await askTrino(
      trino,
      `SELECT component_name, count(*), count(DISTINCT "$path"), min(from_timestamp), max(to_timestamp), max(revision)
       FROM windowed_metrics WHERE dt = '${DAY}' AND metric_name = 'latency' AND unit = 'ms' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      [`O'Hara "quoted"`, 96, 1, `${DAY}T06:00:00.000Z`, `${DAY}T14:00:00.000Z`, 0],
      ['firehose-service', 120 + 48 + 24, 1, `${DAY}T06:00:00.000Z`, `${DAY}T16:00:00.000Z`, 1],
      ['shared-service', 36 + 60, 1, `${DAY}T06:00:00.000Z`, `${DAY}T11:00:00.000Z`, 0],
    ]);
    const files = await askTrino(trino, `SELECT DISTINCT "$path" FROM windowed_metrics WHERE dt = '${DAY}'`);
    const read = files.rows.map(([path]) => basename(path as string));
    tell(
      `files of ${DAY}: ${Object.entries(written)
        .map(([writer, names]) => `${writer} ${names.length}`)
        .join(', ')}`,
    );
    for (const names of Object.values(written)) expect(names).not.toEqual([]);
    expect(read.sort()).toEqual(Object.values(written).flat().sort());
  });

  test('are one row for each window in the view, parts added up', async () => {
    const { rows } = await askTrino(
      trino,
      `SELECT component_name, count(*), sum(sample_count), count(CASE WHEN revision = 1 AND min_value >= 50 THEN 1 END)
       FROM windowed_metrics_current WHERE dt = '${DAY}' AND metric_name = 'latency' AND unit = 'ms' GROUP BY 1 ORDER BY 1`,
    );
    // Every seventh window is without a sum: 14 of 96, 18 of 120. Where two parts meet, 20 samples; 6 of 36, 3 of 24.
    expect(rows).toEqual([
      [`O'Hara "quoted"`, 96, 820, 0],
      ['firehose-service', 120, 1_020, 24],
      ['shared-service', 60, 30 * 20 + 21 * 10, 0],
    ]);
  });
});

describe('a query of one day', () => {
  const oneDay = `SELECT count(*) AS windows, sum(sum_value) AS total FROM windowed_metrics_current WHERE dt = '${DAY}'`;
  const allDays = oneDay.replace(/ WHERE.*/, '');

  test("reads that day's bytes", async () => {
    const sizeOf = (prefix: string) =>
      objects.filter(({ key }) => key.startsWith(prefix)).reduce((sum, { bytes }) => sum + bytes, 0);
    const stored = { day: sizeOf(`windowed_metrics/dt=${DAY}/`), all: sizeOf('windowed_metrics/') };
    const day = await askTrino(trino, oneDay);
    const all = await askTrino(trino, allDays);
    tell(
      `one day: ${day.physicalInputBytes} bytes read of ${stored.day} in its files, ${day.elapsedMs} ms; ` +
        `all days: ${all.physicalInputBytes} of ${stored.all}, ${all.elapsedMs} ms`,
    );
    expect(day.rows[0]?.[0]).toBeGreaterThan(1_000);
    expect(day.physicalInputBytes).toBeGreaterThan(0);
    expect(day.physicalInputBytes).toBeLessThanOrEqual(stored.day);
    expect(all.physicalInputBytes).toBeGreaterThan(2 * day.physicalInputBytes);
    expect(all.physicalInputBytes).toBeLessThanOrEqual(stored.all);
  });

  test('is planned with that day and no other', async () => {
    expect(await plannedDays(oneDay)).toEqual([DAY]);
    expect((await plannedDays(allDays)).length).toBeGreaterThanOrEqual(5);
  });

  test.each(inView(defined, VIEWS[1]!))('is each of the day: $name', async ({ athena }) => {
    const chosen = [DAY, dayBefore(2)];
    const days = await plannedDays(athena);
    expect(days.filter((day) => !chosen.includes(day))).toEqual([]);
  });
});

describe('every statement that Athena is sent', () => {
  test.each(statements)('is valid: $name', async ({ sql }) => {
    expect((await askTrino(trino, `EXPLAIN (TYPE VALIDATE) ${sql}`)).rows).toEqual([[true]]);
  });
});

/** What `EXPLAIN (TYPE IO)` says is read. */
interface Plan {
  readonly inputTableColumnInfos: readonly {
    readonly constraint: {
      readonly columnConstraints: readonly {
        readonly columnName: string;
        readonly domain: { readonly ranges: readonly { readonly low: { readonly value?: string } }[] };
      }[];
    };
  }[];
}

/** The days whose partitions Trino plans to read. */
async function plannedDays(sql: string): Promise<string[]> {
  const { rows } = await askTrino(trino, `EXPLAIN (TYPE IO, FORMAT JSON) ${sql}`);
  const plan = JSON.parse(rows[0]?.[0] as string) as Plan;
  const constraints = plan.inputTableColumnInfos.flatMap(({ constraint }) => constraint.columnConstraints);
  const ranges = constraints
    .filter(({ columnName }) => columnName === 'dt' || columnName === 'report_date')
    .flatMap(({ domain }) => domain.ranges);
  return [...new Set(ranges.map(({ low }) => low.value ?? 'unbounded'))].sort();
}

async function writeEmbedded(): Promise<void> {
  const data = await generate(1);
  await pulselakeJson(['ingest', 'metrics', join(data, 'metrics'), '--now', NOW, '--lake', lake]);
  // As a stream, whose windows close: events come late.
  await pulselakeJson(['ingest', 'events', join(data, 'events'), '--mode', 'streaming', '--now', NOW, '--lake', lake]);
  await pulselakeJson(['ingest', 'logs', join(data, 'access-logs'), '--lake', lake]);
}

/** By the Glue script itself: the same services' other files, which bring some of the same windows. */
async function writeAsGlue({ s3, endpoint }: AwsServices): Promise<void> {
  const metrics = join(await generate(2), 'metrics');
  const csv = asCsv(extraWindows(DAY, { componentName: `O'Hara "quoted"`, source: 'batch', hours: 8 }));
  await writeFile(join(metrics, 'legacy.csv'), csv);
  for (const name of await readdir(metrics)) {
    const Key = `${PREFIX}/landing/metrics/dt=${dayBefore(0)}/${name}`;
    await s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body: await readFile(join(metrics, name)) }));
  }
  await runGlueScript(`s3://lake/${PREFIX}`, endpoint, NOW);
  await downloadLake(s3, 'lake', `${PREFIX}/`, lake);
}

async function writeAsFirehose(): Promise<void> {
  const rows = [
    ...extraWindows(DAY, { componentName: 'firehose-service', source: 'stream', hours: 10 }),
    // Delivered twice, and corrected.
    ...extraWindows(DAY, { componentName: 'firehose-service', source: 'stream', hours: 4 }),
    ...extraWindows(DAY, { componentName: 'firehose-service', source: 'stream', hours: 2, revision: 1, offset: 50 }),
    // In two parts.
    ...extraWindows(DAY, { componentName: 'shared-service', source: 'stream', hours: 5, offset: -3 }),
    ...extraWindows(DAY, { componentName: 'shared-service', source: 'stream', partId: 'redrive:1', hours: 3 }),
  ];
  await runPython(
    ['python/write_windows.py', CONTRACT, join(DAY_FOLDER, FIREHOSE_FILE)],
    rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  );
}

async function generate(seed: number): Promise<string> {
  const data = join(folder, `data-${seed}`);
  const size = ['--preset', 'faulty', '--seed', String(seed), '--scale', seed === 1 ? '0.5' : '0.1'];
  await pulselakeJson(['generate', ...size, '--now', NOW, '--out', data]);
  return data;
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
