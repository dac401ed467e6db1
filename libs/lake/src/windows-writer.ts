import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { compareText, formatInstant, type MetricSource, utcDay } from '@pulselake/data-model';
import type { SeriesTable } from '@pulselake/processing';
import { windowsKey } from './lake-layout.js';
import type { RunTransaction } from './run-transaction.js';
import { sqlLiteral } from './sql-literal.js';
import { type DayCounts, WindowRowBuffer } from './window-row-buffer.js';

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

export interface WindowsWriterOptions {
  readonly transaction: RunTransaction;
  readonly series: SeriesTable;
  readonly source: MetricSource;
  /** Names the files: `<name>-<n>.parquet`. */
  readonly name: string;
  /** Rows buffered before files are written, default 250,000. */
  readonly bufferedRows?: number;
}

/** Rows from here on, in a buffer, belong to a part. */
interface PartStart {
  readonly firstRow: number;
  readonly part: WindowPart;
}

const ROW_GROUP_ROWS = 122_880;
const DAY_MS = 86_400_000;

/**
 * Writes windows as Parquet, one file per day and buffer, sorted by component, metric, unit and time.
 *
 * Rows go to DuckDB as numbers, names once per series: that is what keeps it fast. While one buffer is written the next is
 * filled; memory is bounded by the two.
 */
export class WindowsWriter {
  #buffer: WindowRowBuffer;
  #buffers = 1;
  #part: WindowPart | undefined;
  /** Of the rows in the buffer. */
  #partStarts: PartStart[] = [];
  #files = 0;
  #rows = 0;
  #records = 0;
  #writing: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  readonly #bufferedRows: number;

  private constructor(
    private readonly instance: DuckDBInstance,
    /** Fills buffers. */
    private readonly filling: DuckDBConnection,
    /** Writes files meanwhile. */
    private readonly connection: DuckDBConnection,
    buffer: WindowRowBuffer,
    private readonly options: WindowsWriterOptions,
  ) {
    this.#buffer = buffer;
    this.#bufferedRows = options.bufferedRows ?? 250_000;
  }

  static async open(options: WindowsWriterOptions): Promise<WindowsWriter> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '2',
      memory_limit: '1GB',
      temp_directory: options.transaction.scratch,
      autoinstall_known_extensions: 'false',
    });
    const filling = await instance.connect();
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    await connection.run(
      'CREATE TABLE series (series INTEGER, rank INTEGER, component_name VARCHAR, metric_name VARCHAR, unit VARCHAR)',
    );
    await connection.run(
      'CREATE TABLE parts (first_row BIGINT, part_id VARCHAR, input_id VARCHAR, emitted_at TIMESTAMPTZ)',
    );
    const buffer = await WindowRowBuffer.open(filling, 'rows_0');
    return new WindowsWriter(instance, filling, connection, buffer, options);
  }

  /** Begins a part: the rows that follow belong to it. */
  begin(part: WindowPart): void {
    const firstRow = this.#buffer.rows;
    // One that had no row leaves no trace.
    if (this.#partStarts.at(-1)?.firstRow === firstRow) this.#partStarts.pop();
    this.#part = part;
    this.#partStarts.push({ firstRow, part });
  }

  /** Takes a row of the part that was begun. When {@link isFull} says so, `spill` or `flush` must be awaited before the next. */
  add(row: WindowRow): void {
    this.#buffer.add(row, this.#part!.account);
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
    const full = this.#buffer;
    const parts = this.#partStarts;
    this.#buffer = await WindowRowBuffer.open(this.filling, `rows_${this.#buffers++ % 2}`);
    this.#partStarts = [{ firstRow: 0, part: this.#part! }];
    // A failure is kept for the next call: nobody may be waiting now.
    this.#writing = this.#write(full, parts).catch((error: unknown) => {
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
    this.filling.closeSync();
    this.connection.closeSync();
    this.instance.closeSync();
  }

  async #written(): Promise<void> {
    await this.#writing;
    if (this.#failure) throw this.#failure;
  }

  async #write(buffer: WindowRowBuffer, partStarts: readonly PartStart[]): Promise<void> {
    buffer.close();
    await this.#writeSeries();
    const parts = await this.#writeParts(partStarts);
    const number = this.#files++;
    for (const [day, counts] of [...buffer.days].sort(([a], [b]) => a - b)) {
      await this.#writeDay(`${buffer.table} r JOIN series s USING (series) ${parts}`, day, number, counts);
    }
    await this.connection.run(`TRUNCATE ${buffer.table}`);
  }

  async #writeDay(rows: string, day: number, number: number, counts: DayCounts): Promise<void> {
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
          ${sqlLiteral(this.options.source)} AS source, p.part_id, CAST(r.revision AS INTEGER) AS revision,
          p.emitted_at, p.input_id
        FROM ${rows}
        WHERE r.from_ms >= ${from} AND r.from_ms < ${from + DAY_MS}
        ORDER BY s.rank, r.from_ms, r.to_ms, r.revision
      ) TO ${sqlLiteral(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
    );
    transaction.add(key, { rows: counts.rows, records: counts.records });
    this.#records += counts.records;
  }

  /** @returns how rows are joined with their part, as `p` */
  async #writeParts(starts: readonly PartStart[]): Promise<string> {
    const values = starts.map(({ firstRow, part }) => {
      const emittedAt = `CAST(${sqlLiteral(formatInstant(part.emittedAtMs))} AS TIMESTAMPTZ)`;
      return `(${firstRow}, ${sqlLiteral(part.partId)}, ${sqlLiteral(part.inputId)}, ${emittedAt})`;
    });
    await this.connection.run('TRUNCATE parts');
    await this.connection.run(`INSERT INTO parts VALUES ${values.join(', ')}`);
    // Rows are numbered in the order in which they were added.
    return starts.length === 1 ? 'CROSS JOIN parts p' : 'ASOF JOIN parts p ON r.rowid >= p.first_row';
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
}
