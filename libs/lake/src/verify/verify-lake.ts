import { join } from 'node:path';
import { listNames } from '../lake-files.js';
import { STAGING } from '../lake-layout.js';
import type { Lake } from '../lake.js';
import { isAlive } from '../process-owner.js';
import { readLedger } from '../run-ledger.js';
import { parseStagingName } from '../staging-folder.js';
import { checkFiles } from './check-files.js';
import { checkRuns } from './check-runs.js';
import { UPKEEP_STAGES } from './check-upkeep.js';
import type { Problem, Verification } from './problem.js';
import { mismatchedReports, recount, strayEnrichedReports } from './recount.js';

/** How a lake is proved. */
export interface VerifyOptions {
  /** Told how many bytes were read so far. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Proves the lake: every run's records are accounted for, every file is what was written, none is unlisted, nothing is
 * left over from an interrupted run.
 *
 * Runs without the lock. When something does not hold, it looks once more as the only one at work: a commit in between
 * is no problem.
 */
export async function verifyLake(lake: Lake, options: VerifyOptions = {}): Promise<Verification> {
  const first = await verifyOnce(lake, options);
  return first.problems.length === 0 ? first : lake.locked(() => verifyOnce(lake, options));
}

async function verifyOnce(lake: Lake, { onProgress }: VerifyOptions): Promise<Verification> {
  const { runs, damaged } = await readLedger(lake.root);
  const problems: Problem[] = damaged.map((subject) => ({
    subject,
    message: 'The ledger entry is damaged: its digest differs.',
  }));
  const files = await checkFiles(lake.root, runs, onProgress);
  problems.push(...files.problems);
  const content = await recount(lake.root, files.intact);
  problems.push(...(await checkRuns(lake.root, runs, files.intact, content)));
  if (files.problems.length === 0 && [...content.values()].every(({ unreadable }) => unreadable === undefined)) {
    for (const day of await mismatchedReports(lake.root, files.intact)) {
      problems.push({
        subject: `traffic_reports/report_date=${day}`,
        message: 'The report is not the sum of the counts of its inputs.',
      });
    }
    for (const day of await strayEnrichedReports(lake.root, files.intact)) {
      problems.push({
        subject: `traffic_reports_enriched/report_date=${day}`,
        message: "The enriched report has other calls than the day's report.",
      });
    }
  }
  for (const name of await listNames(join(lake.root, STAGING))) {
    if (await isLeftOver(name)) {
      problems.push({ subject: `${STAGING}/${name}`, message: 'An interrupted run left this behind.' });
    }
  }
  return {
    runs: runs.length,
    files: files.intact.length,
    bytes: files.bytes,
    recordsRead: runs.reduce((sum, { stage, counts }) => sum + (UPKEEP_STAGES.has(stage) ? 0 : counts.read), 0),
    problems,
  };
}

async function isLeftOver(name: string): Promise<boolean> {
  const owner = parseStagingName(name)?.owner;
  return owner === undefined || !(await isAlive(owner));
}
