import type { PanelRequest } from '../api/ask.js';
import { useDashboard } from '../api/use-dashboards.js';
import { usePanel } from '../api/use-panel.js';
import { DataTable } from './data-table.js';
import { PanelCard } from './panel-card.js';

interface OtherPanelsProps {
  readonly request: Omit<PanelRequest, 'panel'>;
  /** Panels that the view shows in its own way. */
  readonly drawn: readonly string[];
}

/** The panels of a dashboard that its view has no way of its own to show: each query is a table. */
export function OtherPanels({ request, drawn }: OtherPanelsProps) {
  const panels = useDashboard(request.uid)?.rows.flatMap((row) => row.panels) ?? [];
  return panels
    .filter(({ id }) => !drawn.includes(id))
    .map(({ id }) => <OtherPanel key={id} request={{ ...request, panel: id }} />);
}

function OtherPanel({ request }: { readonly request: PanelRequest }) {
  const { uid, panel } = request;
  return (
    <PanelCard uid={uid} panel={panel} query={usePanel(request)}>
      {({ queries }, title) =>
        Object.entries(queries).map(([name, { columns, rows }]) => (
          <DataTable
            key={name}
            id={`${panel}-${name}`}
            caption={title}
            columns={columns}
            rows={rows}
            file={`${panel}.csv`}
          />
        ))
      }
    </PanelCard>
  );
}
