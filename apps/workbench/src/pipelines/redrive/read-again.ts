import type { PipelineStage, RejectedRecord, RejectReason } from '@pulselake/data-model';
import { type IdentifiedInput, identifyInput, InputError, type Lake, readInput, readRejected } from '@pulselake/lake';
import { CsvHeaderError, LineReader, MetricsCsvParser, SeriesTable } from '@pulselake/processing';
import { ingestMetrics, type IngestMetricsOptions } from '../ingest-metrics.js';
import type { IngestOutcome } from '../ingest-outcome.js';
import type { NeedsInput } from './redrive.js';

/** What became of rejected records that only their input can tell. */
export interface ReadAgainOutcome {
  /** Inputs that were read again, since more of their records can be used now. */
  readonly outcomes: readonly IngestOutcome[];
  /** Records that still cannot be used, by reason. */
  readonly stillRejected: Readonly<Partial<Record<RejectReason, number>>>;
  /** Why others were not, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads inputs again whose rejected rows can be used now: rows of CSV, which mean nothing without their header. A new
 * reading replaces the first, so nothing counts twice. Of records that were cut when they were kept it says what to do.
 */
export async function readAgain(
  lake: Lake,
  needs: readonly NeedsInput[],
  options: IngestMetricsOptions & { readonly reasons?: readonly RejectReason[] },
): Promise<ReadAgainOutcome> {
  const outcomes: IngestOutcome[] = [];
  const stillRejected: Partial<Record<RejectReason, number>> = {};
  const notes: string[] = [];
  for (const { key, file, stage, inputId, records } of needs) {
    const identified = file === '' ? undefined : await identify(file);
    const header = stage === 'metrics-etl' && identified ? await headerOf(identified) : undefined;
    const rows = header && (await trialOf(readRejected(lake.root, key), header, options.reasons));
    if (rows && rows.usable > 0 && identified?.input.inputId === inputId) {
      const input = { path: file, modifiedMs: identified.modifiedMs };
      outcomes.push(...(await ingestMetrics(lake, [input], { ...options, force: true })));
      continue;
    }
    for (const [reason, count] of Object.entries(rows?.rejected ?? {}) as [RejectReason, number][]) {
      stillRejected[reason] = (stillRejected[reason] ?? 0) + count;
    }
    const what = (count: number) => `${count} rejected ${count === 1 ? 'record' : 'records'} of ${file || 'a stream'}`;
    const cut = rows ? rows.cut : records;
    if (rows && rows.usable > 0) {
      notes.push(`${what(rows.usable)} could be used now, but the file is not the one that was ingested.`);
    } else if (cut > 0 && identified) {
      const command = `pulselake ingest ${KINDS[stage] ?? 'metrics'} --force ${file}`;
      notes.push(`${what(cut)}: too little of them was kept. To read their input again: ${command}`);
    } else if (cut > 0) {
      notes.push(
        `${what(cut)}: too little of them was kept to read them again, and their input is not there any more.`,
      );
    }
  }
  return { outcomes, stillRejected, notes };
}

const KINDS: Partial<Record<PipelineStage, string>> = { 'stream-windows': 'events', 'traffic-report': 'logs' };

interface Trial {
  usable: number;
  /** Records of which too little was kept to tell. */
  cut: number;
  readonly rejected: Partial<Record<RejectReason, number>>;
}

/** What a second reading of rejected rows of CSV would give; nothing when the header is none of metrics: in Parquet, say. */
async function trialOf(
  records: AsyncIterable<Omit<RejectedRecord, 'stage'>>,
  header: Buffer,
  reasons: readonly RejectReason[] | undefined,
): Promise<Trial | undefined> {
  const trial: Trial = { usable: 0, cut: 0, rejected: {} };
  const parser = new MetricsCsvParser({
    series: new SeriesTable(),
    onRejected: ({ reason }) => {
      trial.rejected[reason] = (trial.rejected[reason] ?? 0) + 1;
    },
    onRow: () => trial.usable++,
    onEvent: () => trial.usable++,
  });
  try {
    parser.push(header);
  } catch (error) {
    if (error instanceof CsvHeaderError) return undefined;
    throw error;
  }
  if (parser.kind === undefined) return undefined;
  for await (const { raw, rawBase64, truncated, reason } of records) {
    // These are kept as JSON and were redriven from that.
    if (reason === 'future' || reason === 'late' || (reasons && !reasons.includes(reason))) continue;
    if (truncated || (raw === undefined && rawBase64 === undefined)) trial.cut++;
    else
      parser.push(Buffer.concat([raw === undefined ? Buffer.from(rawBase64!, 'base64') : Buffer.from(raw), LINE_END]));
  }
  return trial;
}

const LINE_END = Buffer.from('\n');

/** The header of a text file, with its line end; nothing when it is empty or not UTF-8. */
async function headerOf(identified: IdentifiedInput): Promise<Buffer | undefined> {
  let header: Buffer | undefined;
  const reader = new LineReader({
    onLine: () => undefined,
    onRejected: () => undefined,
    onHeader: (bytes, start, end) => {
      header = Buffer.from(`${bytes.toString('utf8', start, end)}\n`);
    },
  });
  for await (const chunk of readInput(identified)) {
    reader.push(chunk);
    if (header) return header;
  }
  reader.end();
  return header;
}

/** The file as it is now; nothing when it is gone or damaged. */
async function identify(path: string): Promise<IdentifiedInput | undefined> {
  try {
    return await identifyInput(path, path);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
