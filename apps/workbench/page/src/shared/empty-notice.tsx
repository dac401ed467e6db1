import { useExtent, usePanel } from '../api/use-panel.js';
import type { AddressState, Navigate } from '../state/address.js';
import { rangeOfDays } from '../state/address.js';
import type { Ends } from '../api/ask.js';
import { formatDay, formatDayAndTime, textOf } from './format.js';

interface EmptyNoticeProps {
  readonly uid: string;
  /** What is missing, for example `windows`. */
  readonly what: string;
  /** What to do when the lake is empty. */
  readonly hint: string;
  readonly ends: Ends;
  readonly version: number;
  /** The changes that let the filters go, when they are why nothing is found. */
  readonly filters?: Partial<AddressState> | undefined;
  readonly navigate: Navigate;
}

/** Says why nothing is shown, and offers the way out: the filters let go, the range of the data, the run that failed. */
export function EmptyNotice({ uid, what, hint, ends, version, filters, navigate }: EmptyNoticeProps) {
  const extent = useExtent(uid, version);
  const runs = usePanel({ uid: 'pulselake-health', panel: 'runs', fromMs: 0, toMs: ends.toMs });
  const between = `between ${formatDayAndTime(ends.fromMs)} and ${formatDayAndTime(ends.toMs)} UTC`;
  if (filters) {
    return (
      <Empty title={`No ${what} match the filters`}>
        <p>
          There are {what} {between}, but none of what is chosen above.
        </p>
        <button type="button" className="primary" onClick={() => navigate(filters)}>
          Show all
        </button>
      </Empty>
    );
  }
  if (!extent.data) return null;
  const { firstDay, lastDay } = extent.data;
  const last = runs.data?.queries['runs']?.rows[0];
  const failed = last?.['status'] === 'failed' && (
    <p className="problem">
      The last run failed: {textOf(last['error'] ?? last['run_id'])}{' '}
      <button type="button" className="quiet" onClick={() => navigate({ view: 'health' })}>
        See the runs
      </button>
    </p>
  );
  if (firstDay === null || lastDay === null) {
    return (
      <Empty title={`No ${what} yet`}>
        <p>{last ? `No run has brought any. ${hint}` : `Nothing has run on this lake yet. ${hint}`}</p>
        {failed}
      </Empty>
    );
  }
  const days = firstDay === lastDay ? formatDay(firstDay) : `${formatDay(firstDay)} – ${formatDay(lastDay)}`;
  return (
    <Empty title={`No ${what} in this range`}>
      <p>
        There are none {between}. The lake holds {days}.
      </p>
      {failed}
      <button type="button" className="primary" onClick={() => navigate({ range: rangeOfDays(firstDay, lastDay) })}>
        Show the range of the data
      </button>
    </Empty>
  );
}

function Empty({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
