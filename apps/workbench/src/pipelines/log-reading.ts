import { basename } from 'node:path';
import { parseInstant, type RejectReason, type RunCounts, USERS_SOURCE, utcDay } from '@pulselake/data-model';
import {
  type FoundInput,
  type IdentifiedInput,
  InputError,
  readInput,
  RejectedWriter,
  type RunTransaction,
  stageTrafficCounts,
} from '@pulselake/lake';
import { AccessLogParser, type RejectedLine, TrafficCounter } from '@pulselake/processing';
import { type IngestOptions, NO_COUNTS } from './ingest-outcome.js';

/** UTC days, `YYYY-MM-DD`; every day when absent. */
export interface DayRange {
  readonly days?: readonly string[];
  readonly firstDay?: string;
}

const DAY_MS = 86_400_000;

/** Characters of rejected lines that are held while the log is not identified. */
const HELD_CHARACTERS = 1 << 23;

/**
 * Counts the calls of a log. It begins at once, and may be staged when the log is identified: only rejected lines need to know
 * where they come from, and wait for it in bounded memory.
 */
export class LogReading {
  readonly #counter = new TrafficCounter();
  readonly #parser: AccessLogParser;
  readonly #done: Promise<void>;
  #held: RejectedLine[] = [];
  #heldCharacters = 0;
  #rejects: RejectedWriter | undefined;
  #isStopped = false;
  readonly #identified: Promise<void>;
  #goOn: () => void = () => undefined;

  constructor(
    private readonly found: FoundInput,
    { days, firstDay }: DayRange,
    options: Pick<IngestOptions, 'onRead' | 'signal'>,
  ) {
    this.#identified = new Promise((resolve) => (this.#goOn = resolve));
    this.#parser = new AccessLogParser({
      fileName: basename(found.path),
      counter: this.#counter,
      onRejected: (line) => this.#reject(line),
      ...(days && { days: new Set(days.map(dayNumber)) }),
      ...(firstDay !== undefined && { firstDay: dayNumber(firstDay) }),
    });
    this.#done = this.#read(found, options);
    // Whoever stages it hears of a failure.
    this.#done.catch(() => undefined);
  }

  /** Writes what was counted and rejected; adds the rejected lines to `reasons`. */
  async stage(
    { path, stamp, input, modifiedMs }: IdentifiedInput,
    transaction: RunTransaction,
    reasons: Partial<Record<RejectReason, number>>,
  ): Promise<RunCounts> {
    if (stamp !== this.found.stamp)
      throw new InputError(
        `${path} changed while it was read. Nothing of it was taken; ingest it again when it is complete.`,
      );
    const rejects = await RejectedWriter.open(transaction, {
      stage: 'traffic-report',
      day: utcDay(modifiedMs),
      file: input.uri,
      inputId: input.inputId,
    });
    for (const line of this.#held) rejects.write(line);
    this.#held = [];
    this.#rejects = rejects;
    this.#goOn();
    await this.#done;
    rejects.close();
    const counts = this.#counter.counts(USERS_SOURCE);
    await stageTrafficCounts(transaction, input.inputId, counts);
    for (const [reason, rows] of Object.entries(rejects.byReason) as [RejectReason, number][]) {
      reasons[reason] = (reasons[reason] ?? 0) + rows;
    }
    const requests = (kind: 'service' | 'user') =>
      counts.reduce((sum, count) => sum + (count.kind === kind ? count.totalRequests : 0), 0);
    return {
      ...NO_COUNTS,
      read: this.#parser.records,
      accepted: requests('service'),
      external: requests('user'),
      outOfRange: this.#parser.totals.outOfRange,
      rejected: rejects.rows,
    };
  }

  /** Ends the reading, whether or not it was staged. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#goOn();
    await this.#done.catch(() => undefined);
  }

  async #read(found: FoundInput, { onRead, signal }: Pick<IngestOptions, 'onRead' | 'signal'>): Promise<void> {
    for await (const chunk of readInput(found, onRead)) {
      signal?.throwIfAborted();
      if (this.#isStopped) return;
      this.#parser.push(chunk);
      if (this.#heldCharacters > HELD_CHARACTERS) await this.#identified;
    }
    this.#parser.end();
  }

  #reject(line: RejectedLine): void {
    if (this.#rejects) {
      this.#rejects.write(line);
      return;
    }
    this.#held.push(line);
    this.#heldCharacters += HELD_LINE_CHARACTERS + (line.raw ?? line.rawBase64 ?? '').length;
  }
}

/** What a held line takes besides its text. */
const HELD_LINE_CHARACTERS = 100;

function dayNumber(day: string): number {
  return parseInstant(`${day}T00:00:00Z`)! / DAY_MS;
}
