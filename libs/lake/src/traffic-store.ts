import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  compareText,
  TRAFFIC_COUNTS,
  type TrafficCount,
  type TrafficReportRow,
  USERS_SOURCE,
  utcDay,
} from '@pulselake/data-model';
import type { PairCount } from '@pulselake/processing';
import { stageEnrichedReport } from './enriched-reports.js';
import { listNames, readTextIfThere } from './lake-files.js';
import { trafficCountsKey, trafficReportKey } from './lake-layout.js';
import type { RunTransaction } from './run-transaction.js';

const DAY_MS = 86_400_000;

/** First 16 hex digits of SHA-256 over `source`, a NUL byte, `target`: the id of a pair in the report. */
export function trafficPairId(source: string, target: string): string {
  return createHash('sha256').update(`${source}\0${target}`).digest('hex').slice(0, 16);
}

/**
 * Stages one input's counts, or those of a part of it, a file per day.
 *
 * @returns the days, `YYYY-MM-DD`
 */
export async function stageTrafficCounts(
  transaction: RunTransaction,
  inputId: string,
  counts: readonly PairCount[],
  part = '',
): Promise<string[]> {
  const byDay = new Map<number, PairCount[]>();
  for (const count of counts) {
    const ofDay = byDay.get(count.day);
    if (ofDay) ofDay.push(count);
    else byDay.set(count.day, [count]);
  }
  const days: string[] = [];
  for (const [dayNumber, ofDay] of byDay) {
    const day = utcDay(dayNumber * DAY_MS);
    const key = trafficCountsKey(day, inputId, part);
    const lines = ofDay.map(({ kind, source, target, totalRequests, failedRequests }) =>
      JSON.stringify({ source, target, totalRequests, failedRequests, kind }),
    );
    await writeFile(await transaction.stage(key), `${lines.join('\n')}\n`);
    transaction.add(key, { rows: ofDay.length, records: sumOf(ofDay) });
    days.push(day);
  }
  return days;
}

/** How the reports of traffic are made from the counts. */
export interface TrafficReportOptions {
  /** Counts and windows that this run takes out. */
  readonly removed?: ReadonlySet<string>;
  /** Adds the calls of people with source `users`. Default false. */
  readonly includeUsers?: boolean;
}

/**
 * Stages a day's report: the sum of every input's counts, those staged in this run instead of those in place; and the
 * report enriched with the metrics of the called services.
 * The caller holds the lock, so that no other run adds counts meanwhile.
 */
export async function stageTrafficReport(
  root: string,
  transaction: RunTransaction,
  day: string,
  options: TrafficReportOptions = {},
): Promise<TrafficReportRow[]> {
  const folder = `${TRAFFIC_COUNTS.prefix}/report_date=${day}`;
  const staged = new Set(transaction.keys);
  const paths: string[] = [];
  for (const name of await listNames(join(root, folder))) {
    const key = `${folder}/${name}`;
    if (!staged.has(key) && !options.removed?.has(key)) paths.push(join(root, key));
  }
  for (const key of staged) if (key.startsWith(`${folder}/`)) paths.push(await transaction.stage(key));
  const pairs = new Map<string, { source: string; target: string; totalRequests: number; failedRequests: number }>();
  for (const path of paths) {
    for (const line of (await readFile(path, 'utf8')).split('\n')) {
      if (line === '') continue;
      const count = JSON.parse(line) as Omit<TrafficCount, 'reportDate'>;
      if (count.kind === 'user' && !options.includeUsers) continue;
      const source = count.kind === 'user' ? USERS_SOURCE : count.source;
      // Not by the id of the row: names may hold a NUL.
      const names = JSON.stringify([source, count.target]);
      const pair = pairs.get(names);
      if (pair) {
        pair.totalRequests += count.totalRequests;
        pair.failedRequests += count.failedRequests;
      } else {
        const { target, totalRequests, failedRequests } = count;
        pairs.set(names, { source, target, totalRequests, failedRequests });
      }
    }
  }
  const rows = [...pairs.values()]
    .sort((a, b) => compareText(a.source, b.source) || compareText(a.target, b.target))
    .map((pair) => ({ id: trafficPairId(pair.source, pair.target), ...pair, reportDate: day }));
  const key = trafficReportKey(day);
  // The day is in the path; an empty report is an empty file.
  const lines = rows.map(
    ({ id, source, target, totalRequests, failedRequests }) =>
      `${JSON.stringify({ id, source, target, totalRequests, failedRequests })}\n`,
  );
  await writeFile(await transaction.stage(key), lines.join(''));
  transaction.add(key, { rows: rows.length });
  await stageEnrichedReport(root, transaction, { day, rows, ...(options.removed && { removed: options.removed }) });
  return rows;
}

/** Whether a day's report in place has people's calls. */
export async function reportHasUsers(root: string, day: string): Promise<boolean> {
  const text = await readTextIfThere(join(root, trafficReportKey(day)));
  return (
    text?.split('\n').some((line) => line !== '' && (JSON.parse(line) as TrafficReportRow).source === USERS_SOURCE) ??
    false
  );
}

function sumOf(counts: readonly PairCount[]): number {
  return counts.reduce((sum, count) => sum + count.totalRequests, 0);
}
