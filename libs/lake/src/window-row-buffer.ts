import { type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk, DOUBLE, INTEGER } from '@duckdb/node-api';
import type { WindowRow } from './windows-writer.js';

const CHUNK_ROWS = 2048;
const DAY_MS = 86_400_000;
const COLUMNS = ['min_value', 'max_value', 'sum_value', 'sample_count', 'from_ms', 'to_ms', 'revision'] as const;

/** Rows and accounted records of one day. */
export interface DayCounts {
  rows: number;
  records: number;
}

/** Rows on their way into one DuckDB table, as numbers only: names are joined in when the files are written. */
export class WindowRowBuffer {
  #inChunk = 0;
  #rows = 0;
  #lastDay = NaN;
  #lastCounts: DayCounts = { rows: 0, records: 0 };
  readonly #series = new Int32Array(CHUNK_ROWS);
  readonly #columns = COLUMNS.map(() => new Float64Array(CHUNK_ROWS));
  /** By days since the epoch. */
  readonly days = new Map<number, DayCounts>();

  private constructor(
    readonly table: string,
    private readonly appender: DuckDBAppender,
  ) {}

  /** Starts with an empty table, made anew. */
  static async open(connection: DuckDBConnection, table: string): Promise<WindowRowBuffer> {
    const columns = COLUMNS.map((column) => `${column} DOUBLE`).join(', ');
    await connection.run(`CREATE OR REPLACE TABLE ${table} (series INTEGER, ${columns})`);
    return new WindowRowBuffer(table, await connection.createAppender(table));
  }

  get rows(): number {
    return this.#rows;
  }

  /** @param account what the row accounts for: itself, or the events in it */
  add(row: WindowRow, account: 'rows' | 'samples'): void {
    const at = this.#inChunk++;
    const columns = this.#columns;
    this.#series[at] = row.series;
    columns[0]![at] = row.minValue;
    columns[1]![at] = row.maxValue;
    columns[2]![at] = row.sumValue ?? NaN;
    columns[3]![at] = row.sampleCount ?? NaN;
    columns[4]![at] = row.fromMs;
    columns[5]![at] = row.toMs;
    columns[6]![at] = row.revision ?? 0;
    const day = Math.floor(row.fromMs / DAY_MS);
    if (day !== this.#lastDay) {
      let counts = this.days.get(day);
      if (!counts) this.days.set(day, (counts = { rows: 0, records: 0 }));
      this.#lastDay = day;
      this.#lastCounts = counts;
    }
    this.#lastCounts.rows++;
    this.#lastCounts.records += account === 'rows' ? 1 : (row.sampleCount ?? 0);
    this.#rows++;
    if (this.#inChunk === CHUNK_ROWS) this.#appendChunk();
  }

  /** Ends the adding: all rows are in the table. */
  close(): void {
    this.#appendChunk();
    this.appender.closeSync();
  }

  #appendChunk(): void {
    const rows = this.#inChunk;
    if (rows === 0) return;
    this.#inChunk = 0;
    const chunk = DuckDBDataChunk.create([INTEGER, ...COLUMNS.map(() => DOUBLE)], rows);
    fill(chunk, 0, this.#series, rows);
    this.#columns.forEach((values, index) => fill(chunk, index + 1, values, rows));
    this.appender.appendDataChunk(chunk);
  }
}

function fill(chunk: DuckDBDataChunk, column: number, values: Int32Array | Float64Array, rows: number): void {
  const vector = chunk.getColumnVector(column);
  for (let row = 0; row < rows; row++) vector.setItem(row, values[row]!);
  vector.flush();
}
