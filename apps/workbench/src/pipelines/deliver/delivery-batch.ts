import { formatInstant, type PipelineRun, type RunInput, utcDay } from '@pulselake/data-model';
import { inputWindowsName, type Lake, nextSequence, RejectedWriter, WindowsWriter } from '@pulselake/lake';
import {
  type DeliveredWindow,
  isDelivered,
  readDeliveredWindow,
  type RejectedLine,
  SeriesTable,
} from '@pulselake/processing';
import { NO_COUNTS } from '../ingest-outcome.js';
import type { StreamRecord, StreamSource } from '../stream-source.js';

/** Who a commit is, where the same records may be taken again and must give the same files. */
export interface DeliveryIdentity {
  readonly runId: string;
  /** When the records arrived, in milliseconds since the epoch. */
  readonly startedAtMs: number;
}

/** Records on their way into one commit, which says how far the stream was read: nothing is lost or repeated by it. */
export class DeliveryBatch {
  readonly #series = new SeriesTable();
  readonly #windows: DeliveredWindow[] = [];
  readonly #rejected: RejectedLine[] = [];
  readonly #startedAtMs: number;
  #read = 0;

  constructor(
    private readonly lake: Lake,
    private readonly source: StreamSource,
    private readonly identity?: DeliveryIdentity,
  ) {
    this.#startedAtMs = identity?.startedAtMs ?? lake.now();
  }

  /** Records taken. */
  get size(): number {
    return this.#read;
  }

  take({ data, sequenceNumber }: StreamRecord): void {
    this.#read++;
    const read = readDeliveredWindow(Buffer.from(data.buffer, data.byteOffset, data.byteLength), this.#series);
    if (isDelivered(read)) this.#windows.push(read);
    else this.#rejected.push({ ...read, sequenceNumber });
  }

  /**
   * @param positions by shard: how far the stream has been read, all commits taken together
   * @param inputs files that the records were taken from instead, if any
   */
  async commit(positions: ReadonlyMap<string, string>, inputs: RunInput[] = []): Promise<PipelineRun> {
    const { lake, source } = this;
    const runId = this.identity?.runId ?? lake.newRunId('delivery');
    const transaction = await lake.begin(runId);
    try {
      const rejects = await RejectedWriter.open(transaction, {
        stage: 'delivery',
        day: utcDay(this.#startedAtMs),
        inputId: runId,
      });
      for (const line of this.#rejected) rejects.write(line);
      rejects.close();
      const writer = await WindowsWriter.open({
        transaction,
        series: this.#series,
        source: 'stream',
        name: inputWindowsName('stream', runId),
      });
      let rows: number;
      try {
        for (const part of this.#parts()) {
          const { partId, inputId, emittedAtMs } = part[0]!;
          writer.begin({ partId, inputId, emittedAtMs, account: 'samples' });
          await writer.addAll(part);
        }
        await writer.flush();
        rows = writer.rows;
      } finally {
        writer.release();
      }
      return await lake.locked(({ runs }) =>
        transaction.commit(
          {
            runId,
            stage: 'delivery',
            startedAt: formatInstant(this.#startedAtMs),
            finishedAt: formatInstant(lake.now()),
            status: 'succeeded',
            inputs,
            counts: { ...NO_COUNTS, read: this.#read, accepted: rows, rejected: rejects.rows },
            rejectedByReason: rejects.byReason,
            stream: { ...source, positions: Object.fromEntries(positions) },
          },
          { sequence: nextSequence(runs) },
        ),
      );
    } catch (error) {
      await transaction.abort();
      throw error;
    }
  }

  /** The windows by what the rows of a part have in common. */
  #parts(): DeliveredWindow[][] {
    const parts = new Map<string, DeliveredWindow[]>();
    for (const window of this.#windows) {
      const key = JSON.stringify([window.partId, window.inputId, window.emittedAtMs]);
      const part = parts.get(key);
      if (part) part.push(window);
      else parts.set(key, [window]);
    }
    return [...parts.values()];
  }
}
