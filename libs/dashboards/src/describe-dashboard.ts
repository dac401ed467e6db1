import type { Dashboard, DashboardVariable, Panel, PanelQuery } from './dashboard.js';

/** What a viewer is told of a panel. */
export interface PanelDescription extends Omit<Panel, 'queries'> {
  readonly queries: readonly Omit<PanelQuery, 'sql'>[];
}

/** What a viewer is told of a dashboard: everything but the SQL. */
export interface DashboardDescription extends Omit<Dashboard, 'variables' | 'rows'> {
  readonly variables: readonly Omit<DashboardVariable, 'sql'>[];
  readonly rows: readonly { readonly title: string; readonly panels: readonly PanelDescription[] }[];
}

/** A dashboard without its SQL. */
export function describeDashboard({ variables, rows, ...dashboard }: Dashboard): DashboardDescription {
  return {
    ...dashboard,
    variables: variables.map(({ name, label, description, multi, includeAll }) => ({
      name,
      label,
      description,
      multi,
      includeAll,
    })),
    rows: rows.map(({ title, panels }) => ({
      title,
      panels: panels.map(({ queries, ...panel }) => ({
        ...panel,
        queries: queries.map(({ refId, columns }) => ({ refId, columns })),
      })),
    })),
  };
}
