import type { Row } from '../api/ask.js';
import { UIDS } from '../api/dashboard-uids.js';
import { useDashboard } from '../api/use-dashboards.js';
import { usePanel } from '../api/use-panel.js';
import type { Navigate } from '../state/address.js';
import { formatDayAndTime, textOf } from '../shared/format.js';

/** The newest run that could have brought a dashboard's data: `null` when there is none, `undefined` while it is asked for. */
export function useLastRun(uid: string, nowMs: number): Row | null | undefined {
  const runs = usePanel({ uid: UIDS.health, panel: 'last-runs', fromMs: 0, toMs: nowMs });
  const stages: readonly string[] = useDashboard(uid)?.stages ?? [];
  const rows = runs.data?.queries['runs']?.rows;
  if (!rows) return undefined;
  return rows.find(({ stage }) => stages.length === 0 || stages.includes(textOf(stage))) ?? null;
}

interface LastFailureProps {
  readonly run: Row | null | undefined;
  readonly navigate: Navigate;
}

/** That the last run failed and why, when it did. */
export function LastFailure({ run, navigate }: LastFailureProps) {
  if (run?.['last_status'] !== 'failed') return null;
  const startedMs = Date.parse(textOf(run['last_started']));
  return (
    <p className="problem">
      The last run failed: {textOf(run['last_error'] ?? run['run_id'])}{' '}
      <button
        type="button"
        className="quiet"
        onClick={() =>
          navigate({ view: 'health', range: { fromMs: startedMs - 60_000, toMs: startedMs + 60_000 }, reason: [] })
        }
      >
        See the run of {formatDayAndTime(startedMs)}
      </button>
    </p>
  );
}
