import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type MetricSource, utcDay } from '@pulselake/data-model';
import { compareSeries, type Series, type SeriesTable } from '@pulselake/processing';
import { makeDayTable } from './day-table.js';
import { windowsKey } from './lake-layout.js';
import { loadDuckDb } from './duckdb.js';
import { keepNames, nameAt } from './name-lists.js';
import type { RunTransaction } from './run-transaction.js';
import { sortWindowRows } from './sort-window-rows.js';
import { sqlLiteral } from './sql-literal.js';
import { type DayCounts, WindowRowBuffer, type WindowRowColumns } from './window-row-buffer.js';

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

/** What rows have in common: where they come from. */
export interface WindowPart {
  /** Empty when each row is its whole window. */
  readonly partId: string;
  readonly inputId: string;
  /** Milliseconds since the epoch. */
  readonly emittedAtMs: number;
  /** What a row accounts for: itself, or the events in it. */
  readonly account: 'rows' | 'samples';
}

/** Whose windows a {@link WindowsWriter} writes, and where to. */
export interface WindowsWriterOptions {
  readonly transaction: RunTransaction;
  readonly series: SeriesTable;
  readonly source: MetricSource;
  /** Names the files: `<name>-<n>.parquet`. */
  readonly name: string;
  /** Rows buffered before files are written, default 250,000. */
  readonly bufferedRows?: number;
}

/** A file to be written from a table. */
interface DayFile {
  readonly key: string;
  /** Where it is staged. */
  readonly path: string;
  /** Since the epoch. */
  readonly day: number;
  readonly table: string;
  readonly query: string;
  readonly counts: DayCounts;
}

const ROW_GROUP_ROWS = 122_880;
const DAY_MS = 86_400_000;

/**
 * Writes windows as Parquet, one file per day and buffer, sorted by component, metric, unit and time.
 *
 * Rows go to DuckDB sorted, as numbers, and names once per series: that is what keeps it fast. While the rows of one buffer are
 * written the next are taken; memory is bounded by the two.
 */
export class WindowsWriter {
  readonly #buffer = new WindowRowBuffer();
  /** Of the rows in the buffer. */
  #parts: WindowPart[] = [];
  /** Rows in the buffer before the last part. */
  #partStart = 0;
  #files = 0;
  #rows = 0;
  #records = 0;
  #writing: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  readonly #bufferedRows: number;

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly options: WindowsWriterOptions,
  ) {
    this.#bufferedRows = options.bufferedRows ?? 250_000;
  }

  static async open(options: WindowsWriterOptions): Promise<WindowsWriter> {
    const duckDb = await loadDuckDb();
    const instance = await duckDb.DuckDBInstance.create(':memory:', {
      threads: '2',
      memory_limit: '1GB',
      temp_directory: options.transaction.scratch,
      autoinstall_known_extensions: 'false',
    });
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    return new WindowsWriter(instance, connection, options);
  }

  /** Begins a part: the rows that follow belong to it. */
  begin(part: WindowPart): void {
    // One that had no row leaves no trace.
    if (this.#buffer.rows === this.#partStart) this.#parts.pop();
    this.#partStart = this.#buffer.rows;
    this.#parts.push(part);
  }

  /** Takes a row of the part that was begun. When {@link isFull} says so, `spill` or `flush` must be awaited before the next. */
  add(row: WindowRow): void {
    const part = this.#parts.length - 1;
    this.#buffer.add(row, part, this.#parts[part]!.account);
    this.#rows++;
  }

  /** Takes rows of the part that was begun, writing files as buffers fill. */
  async addAll(rows: Iterable<WindowRow>): Promise<void> {
    for (const row of rows) {
      this.add(row);
      if (this.isFull) await this.spill();
    }
  }

  get series(): SeriesTable {
    return this.options.series;
  }

  /** Input records that the written files account for, counted as they are written. */
  get records(): number {
    return this.#records;
  }

  /** Rows taken so far. */
  get rows(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#buffer.rows >= this.#bufferedRows;
  }

  /** Starts to write what is buffered, one file per day, and takes further rows meanwhile. */
  async spill(): Promise<void> {
    await this.#written();
    if (this.#buffer.rows === 0) return;
    const files = await this.#tabulate();
    this.#buffer.clear();
    this.#parts = this.#parts.slice(-1);
    this.#partStart = 0;
    // A failure is kept for the next call: nobody may be waiting now.
    this.#writing = this.#write(files).catch((error: unknown) => {
      this.#failure = error as Error;
    });
  }

  /** Writes what is buffered; afterwards all rows are in files. */
  async flush(): Promise<void> {
    await this.spill();
    await this.#written();
  }

  /** Gives the memory back; what was not flushed is gone. */
  release(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  async #written(): Promise<void> {
    await this.#writing;
    if (this.#failure) throw this.#failure;
  }

  /** Brings what is buffered into tables, one per day. */
  async #tabulate(): Promise<DayFile[]> {
    const { transaction, name, series } = this.options;
    const { columns, rows, days } = this.#buffer;
    const { ranked, rank } = rankSeries(series, columns.series.subarray(0, rows));
    const names = await keepNames(this.connection, ['componentName', 'metricName', 'unit'], ranked);
    const order = sortWindowRows(columns, {
      rows,
      rank,
      ranks: ranked.length,
      days: days.length,
    });
    const number = this.#files++;
    const files: DayFile[] = [];
    let start = 0;
    for (const { day, counts } of days) {
      const table = `day_${files.length}`;
      const read = await makeDayTable(this.connection, table, {
        columns: { ...columns, series: rank },
        order: order.subarray(start, start + counts.rows),
      });
      start += counts.rows;
      const key = windowsKey(utcDay(day * DAY_MS), `${name}-${number}`);
      const path = await transaction.stage(key);
      files.push({
        key,
        path,
        day,
        table,
        counts,
        query: this.#queryOf(table, read, names),
      });
    }
    return files.sort((a, b) => a.day - b.day);
  }

  #queryOf(
    table: string,
    read: Readonly<Record<keyof WindowRowColumns, string>>,
    names: (list: keyof Series, position: string) => string,
  ): string {
    const parts = this.#parts;
    const emitted = parts.map(({ emittedAtMs }) => emittedAtMs).join(', ');
    const instant = (ms: string) => `make_timestamptz(CAST(${ms} AS BIGINT) * 1000)`;
    // The file is sorted by component: as a text it has bounds of its own in each row group.
    return `SELECT CAST(${names('componentName', read.series)} AS VARCHAR) AS component_name,
        ${names('metricName', read.series)} AS metric_name, ${names('unit', read.series)} AS unit,
        CAST(${read.minValue} AS DOUBLE) AS min_value, CAST(${read.maxValue} AS DOUBLE) AS max_value,
        CAST(${read.sumValue} AS DOUBLE) AS sum_value, CAST(${read.sampleCount} AS BIGINT) AS sample_count,
        ${instant(read.fromMs)} AS from_timestamp, ${instant(`${read.fromMs} + ${read.durationMs}`)} AS to_timestamp,
        ${nameAt([this.options.source], '0')} AS source,
        ${nameAt(
          parts.map(({ partId }) => partId),
          read.part,
        )} AS part_id,
        CAST(${read.revision} AS INTEGER) AS revision,
        ${instant(`list_extract([${emitted}], ${read.part} + 1)`)} AS emitted_at,
        ${nameAt(
          parts.map(({ inputId }) => inputId),
          read.part,
        )} AS input_id
      FROM ${table} r`;
  }

  async #write(files: readonly DayFile[]): Promise<void> {
    const { transaction } = this.options;
    for (const { key, path, table, query, counts } of files) {
      // Without ORDER BY: the rows of a table come out in the order in which they went in.
      await this.connection.run(
        `COPY (${query}) TO ${sqlLiteral(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
      );
      await this.connection.run(`DROP TABLE ${table}`);
      transaction.add(key, counts);
      this.#records += counts.records;
    }
  }
}

/** The series that rows have, by name, and of each row the rank of its series among them. */
function rankSeries(table: SeriesTable, rows: Int32Array): { ranked: Series[]; rank: Int32Array } {
  const rankOf = new Int32Array(table.size).fill(-1);
  const indices: number[] = [];
  for (const index of rows) {
    if (rankOf[index]! >= 0) continue;
    rankOf[index] = 0;
    indices.push(index);
  }
  indices.sort((a, b) => compareSeries(table.get(a), table.get(b)));
  indices.forEach((index, rank) => (rankOf[index] = rank));
  return { ranked: indices.map((index) => table.get(index)), rank: rows.map((index) => rankOf[index]!) };
}
