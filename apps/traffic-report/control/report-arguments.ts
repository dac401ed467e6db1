import { UsageError } from '@pulselake/job-control';

/** What the job is asked for. */
export interface ReportFlags {
  readonly lake: string;
  readonly landing?: string;
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
  readonly arrivalDays?: number;
  readonly inputs?: readonly string[];
  readonly includeUsers?: boolean;
  readonly allowMissingInputs?: boolean;
}

/**
 * The arguments of `main.py`. Pure.
 *
 * @param words further ones, as they are
 * @throws UsageError when the days contradict each other
 */
export function reportArguments(flags: ReportFlags, words: readonly string[]): string[] {
  const { lake, landing, date, from, to, arrivalDays, inputs = [], includeUsers, allowMissingInputs } = flags;
  if (date !== undefined && (from !== undefined || to !== undefined)) {
    throw new UsageError('--date is one day, --from and --to are several: give one or the other.');
  }
  if ((from === undefined) !== (to === undefined)) throw new UsageError('--from and --to go together.');
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError(`--from ${from} is after --to ${to}.`);
  }
  if (inputs.length > 0 && date === undefined && from === undefined) {
    throw new UsageError('--inputs needs the days to report: --date, or --from and --to.');
  }
  return [
    '--lake',
    lake,
    ...(landing === undefined ? [] : ['--landing', landing]),
    ...(date === undefined ? [] : ['--date', date]),
    ...(from === undefined || to === undefined ? [] : ['--from', from, '--to', to]),
    ...(arrivalDays === undefined ? [] : ['--arrival-days', String(arrivalDays)]),
    ...inputs.flatMap((glob) => ['--inputs', glob]),
    ...(includeUsers === true ? ['--include-users'] : []),
    ...(allowMissingInputs === true ? ['--allow-missing-inputs'] : []),
    ...words,
  ];
}
