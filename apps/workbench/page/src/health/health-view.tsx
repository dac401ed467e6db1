import { useMemo } from 'react';
import type { Row } from '../api/ask.js';
import { usePanel } from '../api/use-panel.js';
import { Card, Figures } from '../shared/card.js';
import { EmptyNotice } from '../shared/empty-notice.js';
import { formatCount } from '../shared/format.js';
import { RangeBar } from '../shared/range-bar.js';
import { StateOfPanel } from '../shared/state-of-panel.js';
import { endsOf } from '../state/address.js';
import type { ViewProps } from '../view-props.js';
import { BalanceList } from './balance-list.js';
import { ExamplesCard } from './examples-card.js';
import { FreshnessCard } from './freshness-card.js';
import { ReasonsCard } from './reasons-card.js';
import { RunsCard } from './runs-card.js';

const UID = 'pulselake-health';
const NO_ROWS = { columns: [], rows: [] };

/** The ledger: what ran, where every record went, what was rejected and why, how fresh the lake is. */
export function HealthView({ state, nowMs, version, navigate }: ViewProps) {
  const { fromMs, toMs } = endsOf(state.range, nowMs);
  const ends = useMemo(() => ({ fromMs, toMs }), [fromMs, toMs]);
  const request = { uid: UID, ...ends, variables: state.reason.length > 0 ? { reason: state.reason } : {} };
  const overview = usePanel({ ...request, variables: {}, panel: 'overview' });
  const freshness = usePanel({ ...request, variables: {}, panel: 'freshness' });
  const balance = usePanel({ ...request, variables: {}, panel: 'balance' });
  const reasons = usePanel({ ...request, variables: {}, panel: 'rejected-by-reason' });
  const examples = usePanel({ ...request, panel: 'rejected-examples' });
  const runs = usePanel({ ...request, variables: {}, panel: 'runs' });
  const ran = overview.data?.queries['runs']?.rows[0];
  const rejected = reasons.data?.queries['reasons']?.rows;
  const isEmpty = ran !== undefined && Number(ran['runs']) === 0 && rejected?.length === 0;
  return (
    <div className="stack">
      <div className="toolbar">
        <RangeBar range={state.range} refresh={state.refresh} nowMs={nowMs} navigate={navigate} />
        <span className="toolbar-note">Times in UTC</span>
      </div>
      {isEmpty ? (
        <EmptyNotice
          uid={UID}
          what="runs"
          hint="Every run of the pipelines is listed here."
          ends={ends}
          version={version}
          navigate={navigate}
        />
      ) : (
        <>
          <div className="card glance">
            <StateOfPanel query={overview}>
              {({ queries }) => <Overview row={queries['runs']?.rows[0]} late={queries['late']?.rows[0]} />}
            </StateOfPanel>
          </div>
          <div className="thirds">
            <Card
              title="Where every record went"
              note="by stage"
              description="Read = accepted + duplicate + external + out of range + rejected"
            >
              <StateOfPanel query={balance}>
                {({ queries }) => <BalanceList rows={queries['balance']?.rows ?? []} />}
              </StateOfPanel>
            </Card>
            <StateOfPanel query={freshness}>{({ queries }) => <FreshnessCard queries={queries} />}</StateOfPanel>
            <StateOfPanel query={reasons}>
              {({ queries }) => (
                <ReasonsCard
                  rows={queries['reasons']?.rows ?? []}
                  chosen={state.reason}
                  onChoose={(reason) => navigate({ reason })}
                />
              )}
            </StateOfPanel>
          </div>
          <StateOfPanel query={runs}>{({ queries }) => <RunsCard runs={queries['runs'] ?? NO_ROWS} />}</StateOfPanel>
          <StateOfPanel query={examples}>
            {({ queries }) => <ExamplesCard examples={queries['examples'] ?? NO_ROWS} chosen={state.reason} />}
          </StateOfPanel>
        </>
      )}
    </div>
  );
}

function Overview({ row, late }: { readonly row: Row | undefined; readonly late: Row | undefined }) {
  if (!row) return null;
  const unaccounted = Number(row['unaccounted']);
  const failed = Number(row['failed_runs']);
  return (
    <Figures
      items={[
        {
          label: 'Runs',
          value: formatCount(row['runs']),
          note: failed > 0 ? `${formatCount(failed)} failed` : 'none failed',
          noteTone: failed > 0 ? 'bad-text' : undefined,
        },
        { label: 'Records read', value: formatCount(row['read']) },
        {
          label: 'Rejected',
          value: formatCount(row['rejected']),
          tone: Number(row['rejected']) > 0 ? 'is-notable' : '',
        },
        { label: 'Late events', value: formatCount(late?.['late']), note: 'kept for redrive' },
        { label: 'Windows corrected', value: formatCount(row['windows_corrected']) },
        {
          label: 'Unaccounted for',
          value: formatCount(unaccounted),
          note: unaccounted === 0 ? 'the books balance' : 'run pulselake verify',
          tone: unaccounted === 0 ? 'is-good' : 'is-bad',
        },
      ]}
    />
  );
}
