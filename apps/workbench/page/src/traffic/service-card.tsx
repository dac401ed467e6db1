import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { PanelAnswer, Row } from '../api/ask.js';
import { UIDS } from '../api/dashboard-uids.js';
import { usePanelDescription } from '../api/use-dashboards.js';
import { Card, Figures } from '../shared/card.js';
import { formatCount, formatShare, formatValue, textOf } from '../shared/format.js';
import { StateOfPanel } from '../shared/state-of-panel.js';
import { type AddressState, writeAddress } from '../state/address.js';
import type { CallEdge, ServiceNode } from './traffic-model.js';

interface ServiceCardProps {
  readonly state: AddressState;
  readonly node: ServiceNode | undefined;
  readonly edges: readonly CallEdge[];
  readonly metrics: UseQueryResult<PanelAnswer>;
  /** Why it measured nothing. */
  readonly empty: ReactNode;
  readonly day: string;
  readonly onSelect: (service: string) => void;
}

/** What one service received, sent and measured on the day. */
export function ServiceCard({ state, node, edges, metrics, empty, day, onSelect }: ServiceCardProps) {
  const { service } = state;
  const { title, description } = usePanelDescription(UIDS.traffic, 'service-metrics') ?? {};
  const close = (
    <button type="button" className="quiet" onClick={() => onSelect('')}>
      Close
    </button>
  );
  if (!node) {
    return (
      <Card title={service} note="made and took no calls on this day">
        {close}
      </Card>
    );
  }
  const callers = edges.filter(({ target }) => target === service).map(({ source }) => source);
  const called = edges.filter(({ source }) => source === service).map(({ target }) => target);
  const range = { fromMs: Date.parse(`${day}T00:00:00Z`), toMs: Date.parse(`${day}T23:59:59Z`) };
  return (
    <Card title={service} kind="service-card" actions={close}>
      <Figures
        items={[
          { label: 'Received', value: formatCount(node.incoming) },
          { label: 'Failed', value: formatShare(node.failureShare) },
          { label: 'Sent', value: formatCount(node.outgoing) },
        ]}
      />
      <dl className="facts">
        <dt>Called by</dt>
        <dd>
          <Names services={callers} onSelect={onSelect} />
        </dd>
        <dt>Calls</dt>
        <dd>
          <Names services={called} onSelect={onSelect} />
        </dd>
      </dl>
      <h3 title={description}>{title}</h3>
      <StateOfPanel query={metrics}>
        {({ queries }) => {
          const { rows } = queries['metrics']!;
          return rows.length === 0 ? empty : <Metrics rows={rows} />;
        }}
      </StateOfPanel>
      <a href={writeAddress({ ...state, view: 'metrics', component: [service], metric: [], unit: [], range })}>
        Its day over time
      </a>
    </Card>
  );
}

function Metrics({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <ul className="service-metrics">
      {rows.map((row) => (
        <li key={`${textOf(row['metric_name'])} ${textOf(row['unit'])}`}>
          <span>{textOf(row['metric_name'])}</span>
          <span className="metric-range">
            {row['avg_value'] === null ? 'no average' : formatValue(Number(row['avg_value']))}
            <small>
              {' '}
              {textOf(row['unit'])} · {formatValue(Number(row['min_value']))} – {formatValue(Number(row['max_value']))}
            </small>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Names({
  services,
  onSelect,
}: {
  readonly services: readonly string[];
  readonly onSelect: (s: string) => void;
}) {
  if (services.length === 0) return <>none</>;
  return (
    <span className="names">
      {services.map((name) => (
        <button key={name} type="button" className="link" onClick={() => onSelect(name)}>
          {name}
        </button>
      ))}
    </span>
  );
}
