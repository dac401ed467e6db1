import { useMemo } from 'react';
import { UIDS } from '../api/dashboard-uids.js';
import { usePanelDescription } from '../api/use-dashboards.js';
import { useExtent, usePanel, useVariable } from '../api/use-panel.js';
import { formatDay, plural } from '../shared/format.js';
import { LastFailure, useLastRun } from '../empty/last-failure.js';
import { OtherPanels } from '../shared/other-panels.js';
import { PanelCard } from '../shared/panel-card.js';
import { StateOfPanel } from '../shared/state-of-panel.js';
import { WhyEmpty } from '../shared/why-empty.js';
import { NO_COMPARISON } from '../state/address.js';
import type { ViewProps } from '../view-props.js';
import { DayStrip } from './day-strip.js';
import { NothingMeasured } from './nothing-measured.js';
import { ServiceCard } from './service-card.js';
import { ServiceMap } from './service-map.js';
import { Changes, MapLegend, PairsTable, Totals } from './traffic-cards.js';
import { BUSIEST_EDGES, type DrawnMap, drawnMap, edgesOf, nodesOf } from './traffic-model.js';

const UID = UIDS.traffic;
const DRAWN = ['totals', 'days', 'service-map', 'service-metrics', 'pairs', 'new-and-vanished'];

/** No older days than these are offered; more do not fit a list. */
const MAX_DAYS = 366;
const DAY_MS = 86_400_000;

/** A day's service-to-service calls. */
export function TrafficView(props: ViewProps) {
  const extent = useExtent(UID, props.version);
  return (
    <StateOfPanel query={extent}>
      {({ firstDay, lastDay }) =>
        firstDay === null || lastDay === null ? (
          <WhyEmpty
            uid={UID}
            what="traffic reports"
            hint="Ingest access logs and the day’s calls appear here."
            ends={{ fromMs: 0, toMs: props.nowMs }}
            nowMs={props.nowMs}
            version={props.version}
            navigate={props.navigate}
          />
        ) : (
          <Days {...props} firstDay={firstDay} lastDay={lastDay} />
        )
      }
    </StateOfPanel>
  );
}

function Days({ firstDay, lastDay, ...props }: ViewProps & { readonly firstDay: string; readonly lastDay: string }) {
  const { state } = props;
  const toMs = Date.parse(`${lastDay}T23:59:59Z`);
  const ends = { fromMs: Math.max(Date.parse(`${firstDay}T00:00:00Z`), toMs - MAX_DAYS * DAY_MS), toMs };
  const days = useVariable({ uid: UID, name: 'day', ...ends, variables: {} });
  return (
    <StateOfPanel query={days}>
      {(values) => <Day {...props} days={values} ends={ends} shown={state.day || (values[0] ?? lastDay)} />}
    </StateOfPanel>
  );
}

interface DayProps extends ViewProps {
  /** The newest first. */
  readonly days: readonly string[];
  readonly ends: { readonly fromMs: number; readonly toMs: number };
  readonly shown: string;
}

function Day({ state, nowMs, version, navigate, days, ends, shown }: DayProps) {
  const before = days.find((each) => each < shown) ?? '';
  const compared = state.compare === NO_COMPARISON ? '' : state.compare || before;
  const variables = { day: [shown], ...(compared === '' ? {} : { compareDay: [compared] }) };
  const request = { uid: UID, ...ends, variables };
  const totals = usePanel({ ...request, panel: 'totals' });
  const perDay = usePanel({ ...request, variables: {}, panel: 'days' });
  const map = usePanel({ ...request, panel: 'service-map' });
  const pairs = usePanel({ ...request, panel: 'pairs' });
  const changes = usePanel({ ...request, panel: 'new-and-vanished' });
  const withService = { ...variables, service: [state.service] };
  const metrics = usePanel(
    { ...request, variables: withService, panel: 'service-metrics' },
    { enabled: state.service !== '' },
  );
  const nodeRows = map.data?.queries['nodes']?.rows;
  const edgeRows = map.data?.queries['edges']?.rows;
  const nodes = useMemo(() => nodesOf(nodeRows ?? []), [nodeRows]);
  const edges = useMemo(() => edgesOf(edgeRows ?? []), [edgeRows]);
  const { service: selected, find } = state;
  const drawn = useMemo(() => drawnMap(nodes, edges, { selected, find }), [nodes, edges, selected, find]);
  const now = totals.data?.queries['day']?.rows[0];
  const isReport = now !== undefined && Number(now['pairs']) > 0;
  const { title: perDayTitle = '' } = usePanelDescription(UID, 'days') ?? {};
  const choose = (day: string) => navigate({ day, compare: '' });
  return (
    <div className="stack">
      <div className="toolbar">
        <Choice label="Day" value={shown} onChange={choose} options={withValue(days, shown).map(dayOption)} />
        <Choice
          label="Compare with"
          value={compared === '' ? NO_COMPARISON : compared}
          onChange={(compare) => navigate({ compare })}
          options={[
            [NO_COMPARISON, 'nothing'],
            ...withValue(days, compared)
              .filter((day) => day !== shown)
              .map(dayOption),
          ]}
        />
        <Choice
          label="Service"
          value={state.service}
          onChange={(service) => navigate({ service })}
          options={[
            ['', 'All'],
            ...withValue(
              nodes.map(({ id }) => id),
              state.service,
            ).map((id) => [id, id] as const),
          ]}
        />
        <label className="choice">
          <span>Find</span>
          <input
            type="search"
            value={state.find}
            placeholder="part of a name"
            onChange={(event) => navigate({ find: event.target.value, service: '' })}
          />
        </label>
        <span className="toolbar-note">Days in UTC</span>
      </div>
      <div className="strip-and-totals">
        <StateOfPanel query={perDay}>
          {({ queries }) => (
            <DayStrip
              title={perDayTitle}
              rows={queries['days']?.rows ?? []}
              shown={shown}
              compared={compared}
              onChoose={choose}
            />
          )}
        </StateOfPanel>
        {totals.data && isReport && <Totals queries={totals.data.queries} />}
      </div>
      {now !== undefined && !isReport ? (
        <NoReport shown={shown} newest={days[0]} nowMs={nowMs} navigate={navigate} onShow={() => choose('')} />
      ) : (
        <>
          <div className={state.service === '' ? '' : 'map-and-service'}>
            <PanelCard
              uid={UID}
              panel="service-map"
              query={map}
              kind="map-card"
              height={320}
              note={() => noteOf(drawn, edges.length)}
            >
              {() => (
                <>
                  <ServiceMap
                    map={drawn}
                    selected={state.service}
                    find={state.find}
                    onSelect={(service) => navigate({ service })}
                  />
                  <MapLegend />
                </>
              )}
            </PanelCard>
            {state.service !== '' && (
              <ServiceCard
                state={state}
                node={nodes.find(({ id }) => id === state.service)}
                edges={edges}
                metrics={metrics}
                empty={<NothingMeasured day={shown} nowMs={nowMs} version={version} navigate={navigate} />}
                day={shown}
                onSelect={(service) => navigate({ service })}
              />
            )}
          </div>
          <div className={compared === '' ? '' : 'pairs-and-changes'}>
            <PanelCard
              uid={UID}
              panel="pairs"
              query={pairs}
              note={({ queries }) => plural(queries['pairs']!.rows.length, 'pair')}
            >
              {({ queries }, title) => <PairsTable title={title} pairs={queries['pairs']!} compared={compared} />}
            </PanelCard>
            {compared !== '' && (
              <PanelCard
                uid={UID}
                panel="new-and-vanished"
                query={changes}
                note={() => `against ${formatDay(compared)}`}
              >
                {({ queries }) => (
                  <Changes
                    pairs={pairs.data?.queries['pairs'] ?? NO_ROWS}
                    changes={queries['changes']?.rows ?? []}
                    compared={compared}
                  />
                )}
              </PanelCard>
            )}
          </div>
          <OtherPanels request={request} drawn={DRAWN} />
        </>
      )}
    </div>
  );
}

const NO_ROWS = { columns: [], rows: [] };
const dayOption = (day: string) => [day, formatDay(day)] as const;

interface NoReportProps extends Pick<ViewProps, 'nowMs' | 'navigate'> {
  readonly shown: string;
  readonly newest: string | undefined;
  readonly onShow: () => void;
}

function NoReport({ shown, newest, nowMs, navigate, onShow }: NoReportProps) {
  return (
    <div className="empty">
      <h2>No report for {formatDay(shown)}</h2>
      <p>{newest === undefined ? 'There is none at all.' : `The newest report is of ${formatDay(newest)}.`}</p>
      <LastFailure run={useLastRun(UID, nowMs)} navigate={navigate} />
      <button type="button" className="primary" onClick={onShow}>
        Show it
      </button>
    </div>
  );
}

function noteOf({ edges, isFocused }: DrawnMap, all: number): string {
  if (edges.length === all) return 'Choose a service to see its neighbours and metrics';
  return isFocused
    ? `${plural(edges.length, 'pair')} of what was chosen, of ${plural(all, 'pair')}`
    : `The ${BUSIEST_EDGES} busiest of ${plural(all, 'pair')}: choose or find a service to see its own`;
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label className="choice">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What a hand-edited address names can be chosen too, or the drop-down would show something else. */
function withValue(values: readonly string[], value: string): readonly string[] {
  return value === '' || values.includes(value) ? values : [value, ...values];
}
