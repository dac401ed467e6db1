import { appendFileSync } from 'node:fs';
import type { PipelineStage, RejectedRecord, RejectReason } from '@pulselake/data-model';
import type { RejectedLine } from '@pulselake/processing';
import { rejectedKey } from './lake-layout.js';
import type { RunTransaction } from './run-transaction.js';

const FLUSH_CHARACTERS = 1 << 18;

/** Whose rejected records a {@link RejectedWriter} writes. */
export interface RejectedWriterOptions {
  readonly stage: PipelineStage;
  /** UTC day of the input's last modification, or of arrival. */
  readonly day: string;
  /** The input's address; absent for a stream. */
  readonly file?: string;
  readonly inputId: string;
  /** Names the file; default the input's id. */
  readonly name?: string;
}

/** Writes one input's rejected records, and counts what it wrote. */
export class RejectedWriter {
  readonly #counts: Partial<Record<RejectReason, number>> = {};
  #rows = 0;
  #pending = '';

  private constructor(
    private readonly transaction: RunTransaction,
    private readonly options: RejectedWriterOptions,
    private readonly key: string,
    private readonly path: string,
  ) {}

  static async open(transaction: RunTransaction, options: RejectedWriterOptions): Promise<RejectedWriter> {
    const key = rejectedKey(options.stage, options.day, options.name ?? options.inputId);
    return new RejectedWriter(transaction, options, key, await transaction.stage(key));
  }

  /** Rows by reason, counted as they are written. */
  get byReason(): Partial<Record<RejectReason, number>> {
    return this.#counts;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Keeps a rejected line. Writes at once when enough is pending, so memory stays bounded. */
  write({ reason, message, line, sequenceNumber, raw, rawBase64, truncated }: RejectedLine): void {
    const { file, inputId } = this.options;
    const record: Omit<RejectedRecord, 'stage'> = {
      runId: this.transaction.runId,
      reason,
      message,
      ...(file !== undefined && { file }),
      ...(line > 0 && { line }),
      ...(sequenceNumber !== undefined && { sequenceNumber }),
      inputId,
      ...(raw !== undefined && { raw }),
      ...(rawBase64 !== undefined && { rawBase64 }),
      ...(truncated && { truncated }),
    };
    this.#pending += `${JSON.stringify(record)}\n`;
    this.#counts[reason] = (this.#counts[reason] ?? 0) + 1;
    this.#rows++;
    if (this.#pending.length >= FLUSH_CHARACTERS) this.#flush();
  }

  /** Ends the file and adds it to the transaction; without a row there is no file. */
  close(): void {
    if (this.#rows === 0) return;
    this.#flush();
    this.transaction.add(this.key, { rows: this.#rows, records: this.#rows });
  }

  /** Leaves no file open: a run may end without a close. */
  #flush(): void {
    appendFileSync(this.path, this.#pending);
    this.#pending = '';
  }
}
