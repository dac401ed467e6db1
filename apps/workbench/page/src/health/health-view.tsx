import { useMemo } from 'react';
import { UIDS } from '../api/dashboard-uids.js';
import { usePanel } from '../api/use-panel.js';
import { plural } from '../shared/format.js';
import { OtherPanels } from '../shared/other-panels.js';
import { PanelCard } from '../shared/panel-card.js';
import { RangeBar } from '../shared/range-bar.js';
import { StateOfPanel } from '../shared/state-of-panel.js';
import { WhyEmpty } from '../shared/why-empty.js';
import { endsOf } from '../state/address.js';
import type { ViewProps } from '../view-props.js';
import { BalanceList } from './balance-list.js';
import { ExamplesTable } from './examples-table.js';
import { FreshnessList } from './freshness-list.js';
import { LateTable } from './late-table.js';
import { Overview } from './overview.js';
import { ReasonsList } from './reasons-list.js';
import { RunsTable } from './runs-table.js';

const UID = UIDS.health;
const DRAWN = [
  'overview',
  'freshness',
  'balance',
  'rejected-by-reason',
  'corrected-windows',
  'late-events',
  'last-runs',
  'rejected-examples',
  'runs',
];

/** The ledger: what ran, where every record went, what was rejected and why, how fresh the lake is. */
export function HealthView({ state, nowMs, version, navigate }: ViewProps) {
  const { fromMs, toMs } = endsOf(state.range, nowMs);
  const ends = useMemo(() => ({ fromMs, toMs }), [fromMs, toMs]);
  const { reason } = state;
  const usePanelOf = (panel: string, variables = {}) => {
    const query = usePanel({ uid: UID, ...ends, variables, panel });
    return { uid: UID, panel, query };
  };
  const overview = usePanelOf('overview');
  const freshness = usePanelOf('freshness');
  const balance = usePanelOf('balance');
  const reasons = usePanelOf('rejected-by-reason');
  const corrected = usePanelOf('corrected-windows');
  const late = usePanelOf('late-events');
  const runs = usePanelOf('runs');
  const examples = usePanelOf('rejected-examples', reason.length > 0 ? { reason } : {});
  const ran = overview.query.data?.queries['runs']?.rows[0];
  const rejected = reasons.query.data?.queries['reasons']?.rows;
  const isEmpty = ran !== undefined && Number(ran['runs']) === 0 && rejected?.length === 0;
  const why = { uid: UID, hint: 'Every run of the pipelines is listed here.', ...{ ends, nowMs, version, navigate } };
  const noRuns = <WhyEmpty {...why} what="runs" isSmall />;
  const onShowAll = reason.length > 0 && rejected?.length !== 0 ? () => navigate({ reason: [] }) : undefined;
  return (
    <div className="stack">
      <div className="toolbar">
        <RangeBar range={state.range} refresh={state.refresh} nowMs={nowMs} navigate={navigate} />
        <span className="toolbar-note">Times in UTC</span>
      </div>
      {isEmpty ? (
        <WhyEmpty {...why} what="runs" />
      ) : (
        <>
          <div className="card glance">
            <StateOfPanel query={overview.query}>{({ queries }) => <Overview queries={queries} />}</StateOfPanel>
          </div>
          <div className="thirds">
            <PanelCard {...balance} note={() => 'by stage'} empty={noRuns}>
              {({ queries }) => <BalanceList rows={queries['balance']!.rows} />}
            </PanelCard>
            <PanelCard {...freshness} note={() => 'newest in range'} empty={noRuns}>
              {({ queries }) => <FreshnessList queries={queries} />}
            </PanelCard>
            <PanelCard
              {...reasons}
              note={({ queries }) => (queries['reasons']!.rows.length === 0 ? '' : 'choose one for its examples')}
              empty={<p className="muted card-text">No record was rejected.</p>}
            >
              {({ queries }) => (
                <ReasonsList
                  rows={queries['reasons']!.rows}
                  chosen={reason}
                  onChoose={(chosen) => navigate({ reason: chosen })}
                />
              )}
            </PanelCard>
          </div>
          <PanelCard
            {...runs}
            note={({ queries }) => `${plural(queries['runs']!.rows.length, 'run')}, newest first`}
            empty={noRuns}
          >
            {({ queries }, title) => <RunsTable title={title} runs={queries['runs']!} />}
          </PanelCard>
          <PanelCard
            {...corrected}
            note={({ queries }) => plural(queries['windows']!.rows.length, 'window')}
            empty={<p className="muted card-text">No window of these days was written again.</p>}
          >
            {({ queries }, title) => (
              <LateTable id={corrected.panel} title={title} of={queries['windows']!} file="corrected-windows.csv" />
            )}
          </PanelCard>
          <PanelCard
            {...late}
            note={({ queries }) => `${plural(queries['events']!.rows.length, 'event')}, kept for redrive`}
            empty={<p className="muted card-text">No event of these days came after its window was let go.</p>}
          >
            {({ queries }, title) => (
              <LateTable id={late.panel} title={title} of={queries['events']!} file="late-events.csv" />
            )}
          </PanelCard>
          <PanelCard
            {...examples}
            note={() => (reason.length > 0 ? `only ${reason.join(', ')}` : 'up to five of each reason')}
            empty={
              onShowAll ? (
                <WhyEmpty {...why} what="rejected records" onShowAll={onShowAll} isSmall />
              ) : (
                <p className="muted card-text">No record was rejected.</p>
              )
            }
          >
            {({ queries }, title) => <ExamplesTable title={title} examples={queries['examples']!} />}
          </PanelCard>
          <OtherPanels request={{ uid: UID, ...ends }} drawn={DRAWN} />
        </>
      )}
    </div>
  );
}
