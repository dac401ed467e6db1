import { formatInstant } from '@pulselake/data-model';
import { InputError, type Lake, nextSequence, type RunDraft } from '@pulselake/lake';
import { CsvHeaderError } from '@pulselake/processing';
import type { IngestOutcome } from './ingest-outcome.js';

/** Whether the input is at fault, and not the lake or the program. */
export function isInputFault(error: unknown): error is Error {
  return error instanceof InputError || error instanceof CsvHeaderError;
}

/** Records a run that failed: an input of it is not used at all. */
export async function fail(lake: Lake, path: string, base: RunDraft, error: unknown): Promise<IngestOutcome> {
  if (!isInputFault(error)) throw error;
  const message = error.message.startsWith(path) ? error.message : `${path}: ${error.message}`;
  const transaction = await lake.begin(base.runId);
  try {
    const run = await lake.locked(({ runs }) =>
      transaction.commit(
        { ...base, status: 'failed', finishedAt: formatInstant(lake.now()), error: message },
        { sequence: nextSequence(runs) },
      ),
    );
    return { path, status: 'failed', run, message };
  } catch (fault) {
    await transaction.abort();
    throw fault;
  }
}
