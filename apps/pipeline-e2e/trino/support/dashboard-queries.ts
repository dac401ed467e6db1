import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DASHBOARDS,
  expandForAthena,
  expandForDuckDb,
  resolveVariables,
  type Dashboard,
  type VariableValues,
  type ViewContext,
} from '@pulselake/dashboards';
import { finished, workspace } from '../../test/support/run-program.js';

/** The same query for both engines. */
export interface DashboardQuery {
  readonly name: string;
  readonly athena: string;
  readonly duckDb: string;
}

/** What a viewer looks at, with choices for whichever dashboard has the variable. */
export interface View extends Omit<ViewContext, 'variables'> {
  readonly name: string;
  readonly chosen: VariableValues;
}

interface Query {
  readonly dashboard: Dashboard;
  readonly name: string;
  readonly sql: string;
}

/** Every query of `queries` in `view`. */
export function inView(queries: readonly Query[], { name: viewName, chosen, ...range }: View): DashboardQuery[] {
  return queries.map(({ dashboard, name, sql }) => {
    const known = dashboard.variables.flatMap((variable) => {
      const values = chosen[variable.name];
      return values ? [[variable.name, values] as const] : [];
    });
    const context = { ...range, variables: resolveVariables(dashboard, Object.fromEntries(known)) };
    return {
      name: `${dashboard.uid}, ${name}, ${viewName}`,
      athena: expandForAthena(sql, context),
      duckDb: expandForDuckDb(sql, context),
    };
  });
}

/** Panels and variables as they are defined. */
export function definedQueries(): Query[] {
  return DASHBOARDS.flatMap((dashboard) => [
    ...dashboard.variables.map(({ name, sql }) => ({ dashboard, name: `variable ${name}`, sql })),
    ...dashboard.rows.flatMap(({ panels }) =>
      panels.flatMap(({ id, queries }) =>
        queries.map(({ refId, sql }) => ({ dashboard, name: `${id}/${refId}`, sql })),
      ),
    ),
  ]);
}

interface Rendered {
  readonly uid: string;
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly refId: string; readonly rawSQL: string }[];
  }[];
}

/** Panels as `pulselake-grafana render` writes them: those whose query it wraps. */
export async function renderedQueries(folder: string): Promise<Query[]> {
  const { exitCode, stderr } = await finished(
    spawn(process.execPath, [join(workspace, 'apps/grafana/bin/pulselake-grafana.js'), 'render', '--out', folder]),
  );
  if (exitCode !== 0) throw new Error(`pulselake-grafana render ended with ${exitCode ?? 1}: ${stderr}`);
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json'));
  const rendered = await Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as Rendered),
  );
  const defined = new Set(definedQueries().map(({ sql }) => sql));
  return DASHBOARDS.flatMap((dashboard) =>
    (rendered.find(({ uid }) => uid === dashboard.uid)?.panels ?? []).flatMap(({ title, targets = [] }) =>
      targets
        .filter(({ rawSQL }) => !defined.has(rawSQL))
        .map(({ refId, rawSQL }) => ({ dashboard, name: `Grafana's ${title}/${refId}`, sql: rawSQL })),
    ),
  );
}
