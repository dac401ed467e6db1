import type { DashboardDescription, PanelColumn, QueryValue } from '@pulselake/dashboards';

/** What the server said when it refused or failed, as one sentence. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    message: string,
    /** 0 when there was no answer. */
    readonly status: number,
    /** Where in a statement the fault is. */
    readonly position?: { readonly line: number; readonly column: number },
  ) {
    super(message);
  }
}

/** A row of a panel, by the name of its column. */
export type Row = Readonly<Record<string, QueryValue>>;

/** What a query of a panel gives. */
export interface PanelRows {
  readonly columns: readonly PanelColumn[];
  readonly rows: readonly Row[];
}

export interface Ends {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PanelRequest extends Ends {
  readonly uid: string;
  readonly panel: string;
  readonly variables?: Readonly<Record<string, readonly string[]>>;
  /** Points that a chart has room for. */
  readonly points?: number;
}

export interface PanelAnswer {
  readonly stepMs: number;
  /** By the name of the query. */
  readonly queries: Readonly<Record<string, PanelRows>>;
}

interface WirePanel {
  readonly stepMs: number;
  readonly queries: readonly { refId: string; columns: readonly PanelColumn[]; rows: readonly QueryValue[][] }[];
}

/** @throws ApiError with the server's own sentence */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { Accept: 'application/json' }, ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError('The server does not answer. Is pulselake still running?', 0);
  }
  const failed = { error: `The server answered ${response.status}.` };
  const body = (await response.json().catch(() => failed)) as T & {
    error?: string;
    position?: { line: number; column: number };
  };
  if (!response.ok) throw new ApiError(body.error ?? failed.error, response.status, body.position);
  return body;
}

export async function askPanel({ uid, panel, ...view }: PanelRequest, signal: AbortSignal): Promise<PanelAnswer> {
  const address = `/api/dashboards/${uid}/panels/${panel}?${parametersOf(view).toString()}`;
  const { stepMs, queries } = await ask<WirePanel>(address, { signal });
  return {
    stepMs,
    queries: Object.fromEntries(
      queries.map(({ refId, columns, rows }) => [
        refId,
        {
          columns,
          rows: rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null]))),
        },
      ]),
    ),
  };
}

/** What the dashboards show, and how they call it. */
export function askDashboards(signal: AbortSignal): Promise<DashboardDescription[]> {
  return ask('/api/dashboards', { signal });
}

/** The values that a variable of a dashboard can have. */
export async function askVariable(
  { uid, name, ...view }: Omit<PanelRequest, 'panel'> & { readonly name: string },
  signal: AbortSignal,
): Promise<string[]> {
  const address = `/api/variables/${uid}/${name}?${parametersOf(view).toString()}`;
  const { values } = await ask<{ values: QueryValue[] }>(address, { signal });
  return values.map(String);
}

export interface Extent {
  readonly firstDay: string | null;
  readonly lastDay: string | null;
}

/** The days of a dashboard's data. */
export function askExtent(uid: string, signal: AbortSignal): Promise<Extent> {
  return ask(`/api/extent/${uid}`, { signal });
}

function parametersOf({ fromMs, toMs, points, variables = {} }: Omit<PanelRequest, 'uid' | 'panel'>): URLSearchParams {
  const parameters = new URLSearchParams({ from: String(Math.floor(fromMs)), to: String(Math.floor(toMs)) });
  if (points !== undefined) parameters.set('points', String(points));
  for (const [name, values] of Object.entries(variables)) {
    for (const value of values) parameters.append(`var-${name}`, value);
  }
  return parameters;
}
