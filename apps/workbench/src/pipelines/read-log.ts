import { basename } from 'node:path';
import { parseInstant, type RejectReason, type RunCounts, USERS_SOURCE, utcDay } from '@pulselake/data-model';
import { readInput, RejectedWriter, type RunTransaction, stageTrafficCounts } from '@pulselake/lake';
import { AccessLogParser, TrafficCounter } from '@pulselake/processing';
import { type IngestOptions, NO_COUNTS } from './ingest-outcome.js';
import type { InputVersion } from './input-version.js';

/** UTC days, `YYYY-MM-DD`; every day when absent. */
export interface DayRange {
  readonly days?: readonly string[];
  readonly firstDay?: string;
}

const DAY_MS = 86_400_000;

/** Stages an input's counts and rejected lines, and adds the lines' reasons to `reasons`. */
export async function readLog(
  version: InputVersion,
  transaction: RunTransaction,
  reasons: Partial<Record<RejectReason, number>>,
  { days, firstDay }: DayRange,
  options: IngestOptions,
): Promise<RunCounts> {
  const { input, modifiedMs, path } = version.identified;
  const rejects = await RejectedWriter.open(transaction, {
    stage: 'traffic-report',
    day: utcDay(modifiedMs),
    file: input.uri,
    inputId: input.inputId,
  });
  const counter = new TrafficCounter();
  const parser = new AccessLogParser({
    fileName: basename(path),
    counter,
    onRejected: (line) => rejects.write(line),
    ...(days && { days: new Set(days.map(dayNumber)) }),
    ...(firstDay !== undefined && { firstDay: dayNumber(firstDay) }),
  });
  for await (const chunk of readInput(version.identified, options.onRead)) {
    options.signal?.throwIfAborted();
    parser.push(chunk);
  }
  parser.end();
  rejects.close();
  const counts = counter.counts(USERS_SOURCE);
  await stageTrafficCounts(transaction, input.inputId, counts);
  for (const [reason, rows] of Object.entries(rejects.byReason) as [RejectReason, number][]) {
    reasons[reason] = (reasons[reason] ?? 0) + rows;
  }
  const requests = (kind: 'service' | 'user') =>
    counts.reduce((sum, count) => sum + (count.kind === kind ? count.totalRequests : 0), 0);
  return {
    ...NO_COUNTS,
    read: parser.records,
    accepted: requests('service'),
    external: requests('user'),
    outOfRange: parser.totals.outOfRange,
    rejected: rejects.rows,
  };
}

function dayNumber(day: string): number {
  return parseInstant(`${day}T00:00:00Z`)! / DAY_MS;
}
