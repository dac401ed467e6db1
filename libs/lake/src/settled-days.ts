import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { duckDbSelect, WINDOW_KEY, WINDOWED_METRICS } from '@pulselake/data-model';
import { listNames } from './lake-files.js';
import { globLiteral } from './sql-literal.js';

/** A folder's time of change tells its states apart only after a while: file systems keep it to two seconds at worst. */
const REST_MS = 2000;

const DAY = /^dt=(\d{4}-\d\d-\d\d)$/;

/** A day's folder as it was when it was looked at. */
interface SeenDay {
  readonly stamp: string;
  /** Milliseconds of a steady clock. */
  readonly seenMs: number;
  /** Its files when it is settled; undefined when it has repeats, or was not looked at yet. */
  readonly files?: readonly string[];
  readonly isChecked: boolean;
}

/**
 * Days of `windowed_metrics` in which no two rows have the same window, and the files they have: what is read of such a day is
 * read from these files, so that one that comes meanwhile cannot count beside the window that it corrects.
 */
export class SettledDays {
  #seen = new Map<string, SeenDay>();

  /**
   * @param folder of the table
   * @param restMs how long a folder must not have changed before it is looked at
   */
  constructor(
    private readonly folder: string,
    private readonly restMs = REST_MS,
  ) {}

  /** Sorted. */
  get days(): string[] {
    return [...this.#seen].flatMap(([day, { files }]) => (files ? [day] : [])).sort();
  }

  /** Of all settled days. */
  get files(): string[] {
    return this.days.flatMap((day) => this.#seen.get(day)!.files!);
  }

  /** Forgets days whose folder has changed. @returns whether a settled one was among them */
  async dropChanged(): Promise<boolean> {
    let dropped = false;
    await Promise.all(
      [...this.#seen].map(async ([day, seen]) => {
        if (!seen.files || (await this.#stampOf(day)) === seen.stamp) return;
        this.#seen.delete(day);
        dropped = true;
      }),
    );
    return dropped;
  }

  /** Looks at days that have rested, the newest first. */
  async settle(connection: DuckDBConnection, signal?: AbortSignal): Promise<void> {
    const days = (await listNames(this.folder)).flatMap((name) => DAY.exec(name)?.[1] ?? []);
    for (const day of [...this.#seen.keys()]) if (!days.includes(day)) this.#seen.delete(day);
    for (const day of days.sort().reverse()) {
      signal?.throwIfAborted();
      const stamp = await this.#stampOf(day);
      const seen = this.#seen.get(day);
      if (stamp === undefined) this.#seen.delete(day);
      else if (seen?.stamp !== stamp) this.#seen.set(day, { stamp, seenMs: performance.now(), isChecked: false });
      else if (!seen.isChecked && performance.now() - seen.seenMs >= this.restMs) {
        const files = await this.#filesOf(day);
        const isSettled = files.length > 0 && (await hasNoRepeats(connection, files));
        signal?.throwIfAborted();
        this.#seen.set(day, { ...seen, isChecked: true, ...(isSettled && { files }) });
      }
    }
  }

  async #filesOf(day: string): Promise<string[]> {
    const folder = join(this.folder, `dt=${day}`);
    return (await listNames(folder)).filter((name) => name.endsWith('.parquet')).map((name) => join(folder, name));
  }

  async #stampOf(day: string): Promise<string | undefined> {
    try {
      const { ino, mtimeNs, ctimeNs } = await stat(join(this.folder, `dt=${day}`), { bigint: true });
      return `${ino} ${mtimeNs} ${ctimeNs}`;
    } catch {
      // Gone, or out of reach: reading it says why.
      return undefined;
    }
  }
}

async function hasNoRepeats(connection: DuckDBConnection, files: readonly string[]): Promise<boolean> {
  try {
    const reader = await connection.runAndReadAll(
      `SELECT NOT EXISTS (SELECT 1 FROM (${duckDbSelect(WINDOWED_METRICS, files.map(globLiteral))}) AS day GROUP BY ${WINDOW_KEY} HAVING count(*) > 1)`,
    );
    return reader.getRows()[0]![0] === true;
  } catch {
    // A file went, or a day that does not fit: it is read as any other, and says what is wrong with it.
    return false;
  }
}
