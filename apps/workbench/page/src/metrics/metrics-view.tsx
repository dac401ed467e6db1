import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { Ends, PanelAnswer, PanelRows, Row } from '../api/ask.js';
import { UIDS } from '../api/dashboard-uids.js';
import { usePanelDescription } from '../api/use-dashboards.js';
import { usePanel, useVariable } from '../api/use-panel.js';
import { Card, type FigureItem, Figures } from '../shared/card.js';
import { DataTable, type TableColumn } from '../shared/data-table.js';
import { formatAge, formatCount, formatDayAndTime, formatValue, plural, textOf } from '../shared/format.js';
import { OtherPanels } from '../shared/other-panels.js';
import { PanelCard } from '../shared/panel-card.js';
import { Picker } from '../shared/picker.js';
import { RangeBar } from '../shared/range-bar.js';
import { StateOfPanel } from '../shared/state-of-panel.js';
import { WhyEmpty } from '../shared/why-empty.js';
import { endsOf } from '../state/address.js';
import type { ViewProps } from '../view-props.js';
import { MetricCard } from './metric-card.js';
import { SamplesCard } from './samples-card.js';
import { groupsOf } from './series.js';

const UID = UIDS.metrics;
const DRAWN = ['overview', 'series', 'samples', 'summary'];
const MAX_CHARTS = 12;
const POINTS = 300;
/** With more components than this and none chosen, the first ones are shown: all at once would be too much. */
const MANY_COMPONENTS = 24;
const FIRST_COMPONENTS = 6;
const NO_FILTERS = { component: [], metric: [], unit: [] };

/** Windowed metrics over time. */
export function MetricsView({ state, nowMs, version, navigate }: ViewProps) {
  const { fromMs, toMs } = endsOf(state.range, nowMs);
  const ends = useMemo(() => ({ fromMs, toMs }), [fromMs, toMs]);
  const variables = withoutEmpty({ component: state.component, metric: state.metric, unit: state.unit });
  const request = { uid: UID, ...ends, variables };
  const components = useVariable({ ...request, variables: {}, name: 'component' });
  const metrics = useVariable({ ...request, name: 'metric' });
  const units = useVariable({ ...request, name: 'unit' });
  const overview = usePanel({ ...request, panel: 'overview' });
  const isTooMany = state.component.length === 0 && (components.data?.length ?? 0) > MANY_COMPONENTS;
  const samples = usePanel({ ...request, panel: 'samples', points: 120 });
  const summary = usePanel({ ...request, panel: 'summary' });
  const drawn = isTooMany ? firstComponents(summary.data) : state.component;
  const series = usePanel(
    { ...request, variables: withoutEmpty({ ...variables, component: drawn }), panel: 'series', points: POINTS },
    { enabled: isTooMany ? !summary.isPending && !summary.isPlaceholderData : !components.isPending },
  );
  const onBrush = useCallback((range: Ends) => navigate({ range }), [navigate]);
  const isEmpty =
    Number(overview.data?.queries['overview']?.rows[0]?.['windows'] ?? NaN) === 0 && !overview.isPlaceholderData;
  const hasOthers = (components.data?.length ?? 0) > 0;
  const why = {
    uid: UID,
    what: 'windows',
    hint: 'Ingest metrics or events and they appear here.',
    ...{ ends, nowMs, version, navigate },
    onShowAll: hasOthers && Object.keys(variables).length > 0 ? () => navigate(NO_FILTERS) : undefined,
  };
  return (
    <div className="stack">
      <div className="toolbar">
        <RangeBar range={state.range} refresh={state.refresh} nowMs={nowMs} navigate={navigate} />
        {(
          [
            ['component', 'Component', components.data],
            ['metric', 'Metric', metrics.data],
            ['unit', 'Unit', units.data],
          ] as const
        ).map(([name, label, values]) => (
          <Picker
            key={name}
            label={label}
            values={values ?? []}
            chosen={state[name]}
            onChange={(chosen) => navigate({ [name]: chosen })}
          />
        ))}
        <span className="toolbar-note">Times in UTC</span>
      </div>
      {isEmpty ? (
        <WhyEmpty {...why} />
      ) : (
        <>
          <div className="card glance">
            <StateOfPanel query={overview}>{({ queries }) => <Overview of={queries['overview']!} />}</StateOfPanel>
          </div>
          {isTooMany && (
            <p className="notice">
              There are {formatCount(components.data!.length)} components: the first {FIRST_COMPONENTS} are drawn.
              Choose the ones to see.
            </p>
          )}
          <StateOfPanel query={series} height={240}>
            {({ queries, stepMs }) => (
              <Charts
                rows={queries['series']?.rows ?? []}
                stepMs={stepMs}
                ends={ends}
                onBrush={onBrush}
                empty={<WhyEmpty {...why} isSmall />}
              />
            )}
          </StateOfPanel>
          <SamplesCard uid={UID} query={samples} ends={ends} onBrush={onBrush} empty={<WhyEmpty {...why} isSmall />} />
          <PanelCard
            uid={UID}
            panel="summary"
            query={summary}
            note={({ queries }) => plural(queries['summary']!.rows.length, 'row')}
            empty={<WhyEmpty {...why} isSmall />}
          >
            {({ queries }, title) => <Summary title={title} of={queries['summary']!} />}
          </PanelCard>
          <OtherPanels request={request} drawn={DRAWN} />
        </>
      )}
    </div>
  );
}

interface ChartsProps {
  readonly rows: readonly Row[];
  readonly stepMs: number;
  readonly ends: Ends;
  readonly onBrush: (ends: Ends) => void;
  readonly empty: ReactNode;
}

/** A chart for each metric and unit. */
function Charts({ rows, stepMs, ends, onBrush, empty }: ChartsProps) {
  const { title = '', description } = usePanelDescription(UID, 'series') ?? {};
  const [shown, setShown] = useState(MAX_CHARTS);
  const groups = useMemo(() => groupsOf(rows), [rows]);
  const rest = groups.length - shown;
  if (groups.length === 0) {
    return (
      <Card title={title} description={description}>
        {empty}
      </Card>
    );
  }
  return (
    <>
      <div className="grid" role="group" aria-label={title}>
        {groups.slice(0, shown).map((group) => (
          <MetricCard key={group.key} group={group} ends={ends} stepMs={stepMs} onBrush={onBrush} />
        ))}
      </div>
      {rest > 0 && (
        <button type="button" className="wide" onClick={() => setShown(shown + MAX_CHARTS)}>
          Show more metrics ({rest} left)
        </button>
      )}
    </>
  );
}

function Overview({ of: { columns, rows } }: { readonly of: PanelRows }) {
  const row = rows[0] ?? {};
  const latestMs = Date.parse(textOf(row['latest']));
  const without = Number(row['windows_without_average']);
  const items: Readonly<Record<string, Partial<FigureItem>>> = {
    known_samples: { note: without > 0 ? 'as far as delivered' : '' },
    windows_without_average: {
      note: without > 0 ? 'no sum or count delivered' : '',
      tone: without > 0 ? 'is-notable' : '',
    },
    ...(!Number.isNaN(latestMs) && {
      latest: { value: formatAge(latestMs), note: `${formatDayAndTime(latestMs)} UTC` },
    }),
  };
  return (
    <Figures
      items={columns
        .filter(({ name }) => name !== 'latest' || !Number.isNaN(latestMs))
        .map(({ name, title }) => ({ label: title, value: formatCount(row[name]), ...items[name] }))}
    />
  );
}

interface SummaryProps {
  readonly title: string;
  readonly of: PanelRows;
}

function Summary({ title, of: { columns, rows } }: SummaryProps) {
  return (
    <DataTable
      id="summary"
      caption={title}
      columns={columns.map(summaryColumn)}
      rows={rows}
      filters
      file="metrics.csv"
    />
  );
}

function summaryColumn(column: TableColumn): TableColumn {
  if (column.name === 'source') {
    return {
      ...column,
      render: (row) => <span className={`badge source-${textOf(row['source'])}`}>{textOf(row['source'])}</span>,
    };
  }
  if (column.name !== 'avg_value') return column;
  return {
    ...column,
    render: ({ avg_value: average }) =>
      average === null ? <span className="muted">not delivered</span> : formatValue(Number(average)),
  };
}

/** Those that have something of what is chosen. */
function firstComponents(summary: PanelAnswer | undefined): string[] {
  const names = summary?.queries['summary']?.rows.map((row) => textOf(row['component_name'])) ?? [];
  return [...new Set(names)].slice(0, FIRST_COMPONENTS);
}

function withoutEmpty(chosen: Readonly<Record<string, readonly string[]>>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(chosen).filter(([, values]) => values.length > 0));
}
