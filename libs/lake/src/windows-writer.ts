import {
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBAppender,
  DuckDBInstance,
  DOUBLE,
  INTEGER,
} from '@duckdb/node-api';
import { formatInstant, type MetricSource, utcDay } from '@pulselake/data-model';
import type { SeriesTable } from '@pulselake/processing';
import { windowsKey } from './lake-layout.js';
import type { RunTransaction } from './run-transaction.js';
import { sqlLiteral } from './sql-literal.js';

/** A window on its way into a Parquet file. */
export interface WindowRow {
  /** Index in the writer's series table. */
  readonly series: number;
  readonly minValue: number;
  readonly maxValue: number;
  /** NaN or absent: not known. */
  readonly sumValue?: number;
  /** NaN or absent: not known. */
  readonly sampleCount?: number;
  /** Milliseconds since the epoch, inclusive. */
  readonly fromMs: number;
  /** Milliseconds since the epoch, exclusive. */
  readonly toMs: number;
  /** Default 0. */
  readonly revision?: number;
}

export interface WindowsWriterOptions {
  readonly transaction: RunTransaction;
  readonly series: SeriesTable;
  readonly source: MetricSource;
  /** Empty when each row is its whole window. */
  readonly partId: string;
  readonly inputId: string;
  /** Milliseconds since the epoch. */
  readonly emittedAtMs: number;
  /** Names the files: `<name>-<n>.parquet`. */
  readonly name: string;
  /** What a row accounts for: itself, or the events in it. */
  readonly account: 'rows' | 'samples';
  /** Rows buffered before files are written, default 500,000. */
  readonly bufferedRows?: number;
}

const CHUNK_ROWS = 2048;
const ROW_GROUP_ROWS = 122_880;
const DAY_MS = 86_400_000;
const COLUMNS = ['min_value', 'max_value', 'sum_value', 'sample_count', 'from_ms', 'to_ms', 'revision'] as const;

/**
 * Writes windows as Parquet, one file per day and buffer, sorted by component, metric, unit and time.
 *
 * Rows go to DuckDB as numbers, names once per series: that is what keeps it fast. Memory is bounded by the buffer.
 */
export class WindowsWriter {
  #buffered = 0;
  #inChunk = 0;
  #files = 0;
  #records = 0;
  #appender: DuckDBAppender;
  /** Rows and records of each day in the buffer, by days since the epoch. */
  #days = new Map<number, { rows: number; records: number }>();
  #lastDay = NaN;
  #lastCounts = { rows: 0, records: 0 };
  readonly #series = new Int32Array(CHUNK_ROWS);
  readonly #columns = COLUMNS.map(() => new Float64Array(CHUNK_ROWS));
  readonly #bufferedRows: number;

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    appender: DuckDBAppender,
    private readonly options: WindowsWriterOptions,
  ) {
    this.#appender = appender;
    this.#bufferedRows = options.bufferedRows ?? 500_000;
  }

  static async open(options: WindowsWriterOptions): Promise<WindowsWriter> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '2',
      memory_limit: '1GB',
      temp_directory: options.transaction.scratch,
      autoinstall_known_extensions: 'false',
    });
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    await connection.run(
      `CREATE TABLE rows (series INTEGER, ${COLUMNS.map((column) => `${column} DOUBLE`).join(', ')})`,
    );
    await connection.run(
      'CREATE TABLE series (series INTEGER, rank INTEGER, component_name VARCHAR, metric_name VARCHAR, unit VARCHAR)',
    );
    return new WindowsWriter(instance, connection, await connection.createAppender('rows'), options);
  }

  /** Takes a row. When {@link isFull} says so, `flush` must be awaited before the next. */
  add(row: WindowRow): void {
    const at = this.#inChunk++;
    const [min, max, sum, count, from, to, revision] = this.#columns as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    this.#series[at] = row.series;
    min[at] = row.minValue;
    max[at] = row.maxValue;
    sum[at] = row.sumValue ?? NaN;
    count[at] = row.sampleCount ?? NaN;
    from[at] = row.fromMs;
    to[at] = row.toMs;
    revision[at] = row.revision ?? 0;
    const day = Math.floor(row.fromMs / DAY_MS);
    if (day !== this.#lastDay) {
      let counts = this.#days.get(day);
      if (!counts) this.#days.set(day, (counts = { rows: 0, records: 0 }));
      this.#lastDay = day;
      this.#lastCounts = counts;
    }
    this.#lastCounts.rows++;
    this.#lastCounts.records += this.options.account === 'rows' ? 1 : (row.sampleCount ?? 0);
    this.#buffered++;
    if (this.#inChunk === CHUNK_ROWS) this.#appendChunk();
  }

  /** Input records that the written files account for, counted as they are written. */
  get records(): number {
    return this.#records;
  }

  get isFull(): boolean {
    return this.#buffered >= this.#bufferedRows;
  }

  /** Writes what is buffered: one file per day. */
  async flush(): Promise<void> {
    if (this.#buffered === 0) return;
    this.#appendChunk();
    this.#appender.closeSync();
    await this.#writeSeries();
    const number = this.#files++;
    for (const [day, counts] of [...this.#days].sort(([a], [b]) => a - b)) await this.#writeDay(day, number, counts);
    await this.connection.run('TRUNCATE rows');
    this.#appender = await this.connection.createAppender('rows');
    this.#days = new Map();
    this.#lastDay = NaN;
    this.#buffered = 0;
  }

  /** Gives the memory back; what was not flushed is gone. */
  release(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  async #writeDay(day: number, number: number, counts: { rows: number; records: number }): Promise<void> {
    const { transaction, name } = this.options;
    const key = windowsKey(utcDay(day * DAY_MS), `${name}-${number}`);
    const path = await transaction.stage(key);
    const from = day * DAY_MS;
    await this.connection.run(
      `COPY (
        SELECT s.component_name, s.metric_name, s.unit, r.min_value, r.max_value,
          CASE WHEN NOT isnan(r.sum_value) THEN r.sum_value END AS sum_value,
          CASE WHEN NOT isnan(r.sample_count) THEN CAST(r.sample_count AS BIGINT) END AS sample_count,
          make_timestamptz(CAST(r.from_ms AS BIGINT) * 1000) AS from_timestamp,
          make_timestamptz(CAST(r.to_ms AS BIGINT) * 1000) AS to_timestamp,
          ${sqlLiteral(this.options.source)} AS source, ${sqlLiteral(this.options.partId)} AS part_id,
          CAST(r.revision AS INTEGER) AS revision,
          CAST(${sqlLiteral(formatInstant(this.options.emittedAtMs))} AS TIMESTAMPTZ) AS emitted_at,
          ${sqlLiteral(this.options.inputId)} AS input_id
        FROM rows r JOIN series s USING (series)
        WHERE r.from_ms >= ${from} AND r.from_ms < ${from + DAY_MS}
        ORDER BY s.rank, r.from_ms, r.to_ms, r.revision
      ) TO ${sqlLiteral(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
    );
    transaction.add(key, { rows: counts.rows, records: counts.records });
    this.#records += counts.records;
  }

  /** Series once each, ranked by their names. */
  async #writeSeries(): Promise<void> {
    const { series } = this.options;
    const ranked = Array.from({ length: series.size }, (_, index) => ({ index, ...series.get(index) })).sort(
      (a, b) =>
        compareText(a.componentName, b.componentName) ||
        compareText(a.metricName, b.metricName) ||
        compareText(a.unit, b.unit),
    );
    await this.connection.run('TRUNCATE series');
    const appender = await this.connection.createAppender('series');
    ranked.forEach(({ index, componentName, metricName, unit }, rank) => {
      appender.appendInteger(index);
      appender.appendInteger(rank);
      appender.appendVarchar(componentName);
      appender.appendVarchar(metricName);
      appender.appendVarchar(unit);
      appender.endRow();
    });
    appender.closeSync();
  }

  #appendChunk(): void {
    const rows = this.#inChunk;
    if (rows === 0) return;
    this.#inChunk = 0;
    const chunk = DuckDBDataChunk.create([INTEGER, ...COLUMNS.map(() => DOUBLE)], rows);
    fill(chunk, 0, this.#series, rows);
    this.#columns.forEach((values, index) => fill(chunk, index + 1, values, rows));
    this.#appender.appendDataChunk(chunk);
  }
}

function fill(chunk: DuckDBDataChunk, column: number, values: Int32Array | Float64Array, rows: number): void {
  const vector = chunk.getColumnVector(column);
  for (let row = 0; row < rows; row++) vector.setItem(row, values[row]!);
  vector.flush();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
