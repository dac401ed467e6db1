import type { ReactNode } from 'react';
import type { Ends } from '../api/ask.js';
import { useExtent } from '../api/use-panel.js';
import { type Navigate, rangeOfDays } from '../state/address.js';
import { formatDay, formatDayAndTime } from '../shared/format.js';
import { LastFailure, useLastRun } from './last-failure.js';

/** Where nothing was found, and how to come to where something is. */
export interface EmptySearch {
  readonly uid: string;
  /** What is missing, for example `windows`. */
  readonly what: string;
  /** What brings it, as a sentence. */
  readonly hint: string;
  readonly ends: Ends;
  readonly nowMs: number;
  /** Changes when something new is in the lake. */
  readonly version: number;
  readonly navigate: Navigate;
  /** Lets the filters go, when there is something that they leave out. */
  readonly onShowAll?: (() => void) | undefined;
  /** Shows the days that have data. Default: makes them the range. */
  readonly onShowDays?: (firstDay: string, lastDay: string) => void;
  /** Whether it stands in a card of its own panel. */
  readonly isSmall?: boolean;
}

/**
 * Says why nothing is shown, and offers the way out: the filters leave nothing, nothing ran, the last run failed, or the data is
 * of other days.
 */
export function EmptyReasons({ isSmall = false, ...search }: EmptySearch) {
  const { uid, what, hint, ends, nowMs, version, navigate, onShowAll, onShowDays } = search;
  const extent = useExtent(uid, version);
  const run = useLastRun(uid, nowMs);
  const between = `between ${formatDayAndTime(ends.fromMs)} and ${formatDayAndTime(ends.toMs)} UTC`;
  if (onShowAll) {
    return (
      <Empty isSmall={isSmall} title={`No ${what} match the filters`}>
        <p>
          There are {what} {between}, but none of what is chosen.
        </p>
        <button type="button" className="primary" onClick={onShowAll}>
          Show all
        </button>
      </Empty>
    );
  }
  if (!extent.data || run === undefined) return null;
  const { firstDay, lastDay } = extent.data;
  if (firstDay === null || lastDay === null) {
    return (
      <Empty isSmall={isSmall} title={`No ${what} yet`}>
        <p>
          {run ? 'No run has brought any.' : 'Nothing has run yet that brings them.'} {hint}
        </p>
        <LastFailure run={run} navigate={navigate} />
      </Empty>
    );
  }
  const days = firstDay === lastDay ? formatDay(firstDay) : `${formatDay(firstDay)} – ${formatDay(lastDay)}`;
  const show = onShowDays ?? ((first, last) => navigate({ range: rangeOfDays(first, last) }));
  return (
    <Empty isSmall={isSmall} title={`No ${what} in this range`}>
      <p>
        There are none {between}. The lake holds {days}.
      </p>
      <LastFailure run={run} navigate={navigate} />
      <button type="button" className="primary" onClick={() => show(firstDay, lastDay)}>
        Show the range of the data
      </button>
    </Empty>
  );
}

interface EmptyProps {
  readonly isSmall: boolean;
  readonly title: string;
  readonly children: ReactNode;
}

function Empty({ isSmall, title, children }: EmptyProps) {
  return (
    <div className={`empty ${isSmall ? 'is-small' : ''}`}>
      {isSmall ? <h3>{title}</h3> : <h2>{title}</h2>}
      {children}
    </div>
  );
}
