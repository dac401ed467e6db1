import type { WindowRow } from './windows-writer.js';

const FIRST_ROWS = 1024;
const DAY_MS = 86_400_000;

/** The numbers of rows, by column; a row is an index. NaN: not known. */
export interface WindowRowColumns {
  readonly series: Int32Array;
  /** Index of the part, as it was given. */
  readonly part: Int32Array;
  /** Index of the day, in the order in which days first came. */
  readonly day: Int32Array;
  readonly minValue: Float64Array;
  readonly maxValue: Float64Array;
  readonly sumValue: Float64Array;
  readonly sampleCount: Float64Array;
  readonly fromMs: Float64Array;
  readonly durationMs: Float64Array;
  readonly revision: Float64Array;
}

/** Rows and accounted records of one day. */
export interface DayCounts {
  rows: number;
  records: number;
}

/** Rows on their way into files, as numbers only: names are joined in when the files are written. */
export class WindowRowBuffer {
  #columns = columnsOf(FIRST_ROWS);
  #capacity = FIRST_ROWS;
  #rows = 0;
  #day = NaN;
  #dayIndex = -1;
  #dayCounts: DayCounts = { rows: 0, records: 0 };
  readonly #days = new Map<number, { index: number; counts: DayCounts }>();

  get rows(): number {
    return this.#rows;
  }

  get columns(): WindowRowColumns {
    return this.#columns;
  }

  /** Days since the epoch and what they hold, by the index that rows have. */
  get days(): { day: number; counts: DayCounts }[] {
    return [...this.#days].map(([day, { counts }]) => ({ day, counts }));
  }

  /** @param account what the row accounts for: itself, or the events in it */
  add(row: WindowRow, part: number, account: 'rows' | 'samples'): void {
    if (this.#rows === this.#capacity) this.#grow();
    const at = this.#rows++;
    const columns = this.#columns;
    const day = Math.floor(row.fromMs / DAY_MS);
    if (day !== this.#day) this.#enter(day);
    columns.series[at] = row.series;
    columns.part[at] = part;
    columns.day[at] = this.#dayIndex;
    columns.minValue[at] = row.minValue;
    columns.maxValue[at] = row.maxValue;
    columns.sumValue[at] = row.sumValue ?? NaN;
    columns.sampleCount[at] = row.sampleCount ?? NaN;
    columns.fromMs[at] = row.fromMs;
    columns.durationMs[at] = row.toMs - row.fromMs;
    columns.revision[at] = row.revision ?? 0;
    this.#dayCounts.rows++;
    this.#dayCounts.records += account === 'rows' ? 1 : (row.sampleCount ?? 0);
  }

  /** Forgets the rows and keeps the memory. */
  clear(): void {
    this.#rows = 0;
    this.#day = NaN;
    this.#days.clear();
  }

  #enter(day: number): void {
    let known = this.#days.get(day);
    if (!known) this.#days.set(day, (known = { index: this.#days.size, counts: { rows: 0, records: 0 } }));
    this.#day = day;
    this.#dayIndex = known.index;
    this.#dayCounts = known.counts;
  }

  #grow(): void {
    this.#capacity *= 2;
    const old = this.#columns;
    this.#columns = columnsOf(this.#capacity);
    for (const name of Object.keys(old) as (keyof WindowRowColumns)[]) this.#columns[name].set(old[name]);
  }
}

function columnsOf(rows: number): WindowRowColumns {
  const doubles = () => new Float64Array(rows);
  return {
    series: new Int32Array(rows),
    part: new Int32Array(rows),
    day: new Int32Array(rows),
    minValue: doubles(),
    maxValue: doubles(),
    sumValue: doubles(),
    sampleCount: doubles(),
    fromMs: doubles(),
    durationMs: doubles(),
    revision: doubles(),
  };
}
