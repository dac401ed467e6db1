import type { PipelineStage } from '@pulselake/data-model';

/**
 * What a number, or a text, of a result is. `{ column }` says that another column of the same row names the unit,
 * as for metrics, whose unit is data.
 *
 * - `count` a whole number of things
 * - `share` a ratio from 0 to 1
 * - `milliseconds` a length of time
 * - `instant` an ISO-8601 text ending in `Z`
 * - `day` a UTC day, `YYYY-MM-DD`
 * - `text` no number
 */
export type Unit = 'count' | 'share' | 'milliseconds' | 'instant' | 'day' | 'text' | { readonly column: string };

/** A number or label that queries select: its meaning and how it is made, apart from how it is shown. */
export interface Measure {
  /** Name of the result's column. */
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  /** The expression that makes it, in the common subset of Trino and DuckDB. */
  readonly sql: string;
}

/** A column of a result, for headings and number formats. */
export type PanelColumn = Pick<Measure, 'name' | 'title' | 'unit'>;

/** One query of a panel. */
export interface PanelQuery {
  /** Unique within the panel. A node graph has `nodes` and `edges`. */
  readonly refId: string;
  /** SQL in the common subset of Trino and DuckDB, with Grafana's macros and variables. */
  readonly sql: string;
  /** The columns of the result, in order. */
  readonly columns: readonly PanelColumn[];
}

/** How a panel is shown. */
export type PanelKind = 'timeseries' | 'nodegraph' | 'table' | 'stat' | 'barchart';

/** One picture or table of a dashboard. */
export interface Panel {
  /** Unique within the dashboard and stable: part of addresses. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences: what is shown and how it is made. */
  readonly description: string;
  /** Unit of the panel's main number. */
  readonly unit: Unit;
  readonly kind: PanelKind;
  readonly queries: readonly PanelQuery[];
}

/** Panels that stand together under a title. */
export interface DashboardRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A choice the viewer makes. */
export interface DashboardVariable {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** Whether several values can be chosen at once. */
  readonly multi: boolean;
  /** Whether {@link ALL} may be chosen instead of values; it is then the default. Otherwise the default is empty. */
  readonly includeAll: boolean;
  /** Lists the values in the first column; may use the variables before it. */
  readonly sql: string;
}

/** A page of panels about one subject, whoever shows it. */
export interface Dashboard {
  /** Stable: part of addresses and of Grafana's. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** The stages whose runs bring its data; none: those of every run. */
  readonly stages: readonly PipelineStage[];
  readonly variables: readonly DashboardVariable[];
  readonly rows: readonly DashboardRow[];
}

/** The value of a variable that stands for every value. Grafana gets it as the custom "all" value, quotes included. */
export const ALL = '__all';
