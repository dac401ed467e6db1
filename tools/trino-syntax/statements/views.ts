import { ALL, stepForRange, type Dashboard, type VariableValues, type ViewContext } from '@pulselake/dashboards';

/** A range, an interval and choices that a viewer may have. */
export interface View {
  readonly name: string;
  readonly contextFor: (dashboard: Dashboard) => ViewContext;
}

const DAY_MS = 86_400_000;
const toMs = Date.parse('2026-05-20T12:04:00Z');

/** Texts that would end a literal, or be read as something else, if they were not quoted. */
const AWKWARD = [`O'Hara`, `'; DROP TABLE windowed_metrics; --`, 'a "quoted" \\ name', '$__timeFrom()', '服务 é', ''];

/**
 * What dashboards are expanded with: nothing chosen, as when they are opened, by Grafana's intervals and by our page's
 * steps; awkward names chosen; the longest interval, which Grafana's plugin writes with an exponent.
 */
export const VIEWS: readonly View[] = [
  { name: 'opened in Grafana', contextFor: view(1, 120_000, () => []) },
  {
    name: 'opened in our page',
    contextFor: view(7, stepForRange({ fromMs: toMs - 7 * DAY_MS, toMs, maxPoints: 300 }), () => []),
  },
  { name: 'awkward names chosen', contextFor: view(1, 10_000, ({ multi }) => (multi ? AWKWARD : AWKWARD.slice(1, 2))) },
  { name: 'years at half a second', contextFor: view(3_000, 500, () => []) },
  { name: 'years by month', contextFor: view(3_000, 30 * DAY_MS, () => []) },
];

type Chosen = (variable: Dashboard['variables'][number]) => readonly string[];

function view(days: number, intervalMs: number, chosen: Chosen): View['contextFor'] {
  return ({ variables }) => ({
    fromMs: toMs - days * DAY_MS,
    toMs,
    intervalMs,
    variables: Object.fromEntries(
      variables.map((variable): [string, VariableValues[string]] => {
        const values = chosen(variable);
        return [variable.name, values.length > 0 ? values : [variable.includeAll ? ALL : '2026-05-20']];
      }),
    ),
  });
}
