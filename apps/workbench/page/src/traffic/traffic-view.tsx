import { useMemo } from 'react';
import type { Row } from '../api/ask.js';
import { useExtent, usePanel, useVariable } from '../api/use-panel.js';
import { Card } from '../shared/card.js';
import { formatDay, plural } from '../shared/format.js';
import { StateOfPanel } from '../shared/state-of-panel.js';
import { NO_COMPARISON } from '../state/address.js';
import type { ViewProps } from '../view-props.js';
import { DayStrip } from './day-strip.js';
import { ServiceCard } from './service-card.js';
import { ServiceMap } from './service-map.js';
import { ChangesCard, MapLegend, PairsCard, Totals } from './traffic-cards.js';
import { BUSIEST_EDGES, type DrawnMap, drawnMap, edgesOf, nodesOf } from './traffic-model.js';

const UID = 'pulselake-traffic';

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
          <div className="empty">
            <h2>No traffic report yet</h2>
            <p>Nothing is in the lake. Ingest access logs and the day’s calls appear here.</p>
          </div>
        ) : (
          <Days {...props} firstDay={firstDay} lastDay={lastDay} />
        )
      }
    </StateOfPanel>
  );
}

function Days({ firstDay, lastDay, ...props }: ViewProps & { readonly firstDay: string; readonly lastDay: string }) {
  const { state, version } = props;
  const toMs = Date.parse(`${lastDay}T23:59:59Z`);
  const ends = { fromMs: Math.max(Date.parse(`${firstDay}T00:00:00Z`), toMs - MAX_DAYS * DAY_MS), toMs };
  const days = useVariable({ uid: UID, name: 'day', ...ends, variables: {} });
  return (
    <StateOfPanel query={days}>
      {(values) => (
        <Day {...props} version={version} days={values} ends={ends} shown={state.day || (values[0] ?? lastDay)} />
      )}
    </StateOfPanel>
  );
}

interface DayProps extends ViewProps {
  /** The newest first. */
  readonly days: readonly string[];
  readonly ends: { readonly fromMs: number; readonly toMs: number };
  readonly shown: string;
}

function Day({ state, navigate, days, ends, shown }: DayProps) {
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
  const nodes = useMemo(() => nodesOf(nodeRows ?? []), [nodeRows]);
  const isReport = (row: Row | undefined) => row !== undefined && Number(row['pairs']) > 0;
  const [now, then] = [totals.data?.queries['day']?.rows[0], totals.data?.queries['compared']?.rows[0]];
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
            <DayStrip rows={queries['days']?.rows ?? []} shown={shown} compared={compared} onChoose={choose} />
          )}
        </StateOfPanel>
        {now !== undefined && isReport(now) && (
          <Totals now={now} before={isReport(then) ? then : undefined} services={nodes.length} />
        )}
      </div>
      {now !== undefined && !isReport(now) ? (
        <div className="empty">
          <h2>No report for {formatDay(shown)}</h2>
          <p>{days[0] === undefined ? 'There is none at all.' : `The newest report is of ${formatDay(days[0])}.`}</p>
          <button type="button" className="primary" onClick={() => choose('')}>
            Show it
          </button>
        </div>
      ) : (
        <>
          <div className={state.service === '' ? '' : 'map-and-service'}>
            <StateOfPanel query={map} height={320}>
              {({ queries }) => (
                <MapCard
                  rows={[queries['nodes']?.rows ?? [], queries['edges']?.rows ?? []]}
                  selected={state.service}
                  find={state.find}
                  onSelect={(service) => navigate({ service })}
                />
              )}
            </StateOfPanel>
            {state.service !== '' && (
              <ServiceCard
                state={state}
                node={nodes.find(({ id }) => id === state.service)}
                edges={edgesOf(map.data?.queries['edges']?.rows ?? [])}
                metrics={metrics.data?.queries['metrics']?.rows ?? []}
                day={shown}
                onSelect={(service) => navigate({ service })}
              />
            )}
          </div>
          <div className={compared === '' ? '' : 'pairs-and-changes'}>
            <StateOfPanel query={pairs}>
              {({ queries }) => <PairsCard pairs={queries['pairs'] ?? NO_ROWS} compared={compared} />}
            </StateOfPanel>
            {compared !== '' && (
              <StateOfPanel query={changes}>
                {({ queries }) => (
                  <ChangesCard
                    pairs={pairs.data?.queries['pairs'] ?? NO_ROWS}
                    changes={queries['changes']?.rows ?? []}
                    compared={compared}
                  />
                )}
              </StateOfPanel>
            )}
          </div>
        </>
      )}
    </div>
  );
}

const NO_ROWS = { columns: [], rows: [] };
const dayOption = (day: string) => [day, formatDay(day)] as const;

interface MapCardProps {
  readonly rows: readonly [nodes: readonly Row[], edges: readonly Row[]];
  readonly selected: string;
  readonly find: string;
  readonly onSelect: (service: string) => void;
}

function MapCard({ rows: [nodeRows, edgeRows], selected, find, onSelect }: MapCardProps) {
  const map = useMemo(
    () => drawnMap(nodesOf(nodeRows), edgesOf(edgeRows), { selected, find }),
    [nodeRows, edgeRows, selected, find],
  );
  return (
    <Card title="Service map" note={noteOf(map, edgeRows.length)} kind="map-card">
      <ServiceMap map={map} selected={selected} find={find} onSelect={onSelect} />
      <MapLegend />
    </Card>
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
