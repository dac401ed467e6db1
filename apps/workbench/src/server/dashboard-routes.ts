import {
  DASHBOARDS,
  DATA_EXTENT_SQL,
  describeDashboard,
  expandForDuckDb,
  findDashboard,
  findPanel,
  resolveVariables,
  stepForRange,
  type Dashboard,
  type QueryEngine,
  type VariableValues,
} from '@pulselake/dashboards';
import { formatInstant } from '@pulselake/data-model';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { App, AppOptions } from './create-app.js';
import { parseRange } from './parse-range.js';

/** Points of a chart when the page does not say how many it has room for. */
const DEFAULT_POINTS = 300;
const MAX_POINTS = 2_000;

/** A result with more rows is refused by the engine: no panel can show it, and viewers share the memory. */
const MAX_ROWS = 60_000;

/** Adds the dashboards, the rows of their panels, the values of their variables and the extent of their data. */
export function addDashboardRoutes(
  app: App,
  { engine, clock }: { readonly engine: QueryEngine } & Pick<AppOptions, 'clock'>,
): void {
  app.get('/api/dashboards', (c) => c.json(DASHBOARDS.map(describeDashboard)));

  app.get('/api/dashboards/:uid', (c) => c.json(describeDashboard(dashboardOf(c.req.param('uid')))));

  app.get('/api/dashboards/:uid/panels/:id', async (c) => {
    const dashboard = dashboardOf(c.req.param('uid'));
    const panel = findPanel(dashboard, c.req.param('id'));
    if (!panel) {
      throw new HTTPException(404, { message: `The dashboard ${dashboard.uid} has no panel "${c.req.param('id')}".` });
    }
    const view = viewOf(c, dashboard, clock());
    const queries = await Promise.all(
      panel.queries.map(async ({ refId, sql, columns }) => {
        const result = await runQuery(engine, expandForDuckDb(sql, view), c.req.raw.signal);
        return { refId, columns, rows: result.rows };
      }),
    );
    return c.json({
      id: panel.id,
      from: formatInstant(view.fromMs),
      to: formatInstant(view.toMs),
      stepMs: view.intervalMs,
      queries,
    });
  });

  app.get('/api/variables/:uid/:name', async (c) => {
    const dashboard = dashboardOf(c.req.param('uid'));
    const variable = dashboard.variables.find(({ name }) => name === c.req.param('name'));
    if (!variable) {
      throw new HTTPException(404, {
        message: `The dashboard ${dashboard.uid} has no variable "${c.req.param('name')}".`,
      });
    }
    const sql = expandForDuckDb(variable.sql, viewOf(c, dashboard, clock()));
    const { rows } = await runQuery(engine, sql, c.req.raw.signal);
    return c.json({ values: rows.map(([value]) => value ?? null) });
  });

  app.get('/api/extent/:uid', async (c) => {
    const { uid } = dashboardOf(c.req.param('uid'));
    const { rows } = await runQuery(engine, DATA_EXTENT_SQL[uid] ?? '', c.req.raw.signal);
    const [firstDay = null, lastDay = null] = rows[0] ?? [];
    return c.json({ firstDay, lastDay });
  });
}

function dashboardOf(uid: string): Dashboard {
  const dashboard = findDashboard(uid);
  if (dashboard) return dashboard;
  const known = DASHBOARDS.map((each) => each.uid).join(', ');
  throw new HTTPException(404, { message: `There is no dashboard "${uid}"; there are ${known}.` });
}

/** What the address asks to see: `from`, `to`, `points` and a `var-NAME` for each value of a variable. */
function viewOf(c: Context, dashboard: Dashboard, nowMs: number) {
  const range = parseRange(c.req.query('from'), c.req.query('to'), nowMs);
  return {
    ...range,
    intervalMs: stepForRange({ ...range, maxPoints: parsePoints(c.req.query('points')) }),
    variables: resolveVariables(dashboard, variablesOf(c.req.queries())),
  };
}

function parsePoints(text: string | undefined): number {
  const points = text === undefined ? DEFAULT_POINTS : Number(text);
  if (!Number.isInteger(points) || points < 1 || points > MAX_POINTS) {
    throw new HTTPException(400, {
      message: `points is "${text ?? ''}"; it must be a whole number from 1 to ${MAX_POINTS}.`,
    });
  }
  return points;
}

function variablesOf(parameters: Readonly<Record<string, readonly string[]>>): VariableValues {
  return Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => name.startsWith('var-'))
      .map(([name, values]) => [name.slice(4), values]),
  );
}

function runQuery(engine: QueryEngine, sql: string, signal: AbortSignal) {
  return engine.query(sql, { signal, maxRows: MAX_ROWS });
}
