/* global URLSearchParams */

/** Asks the server; fails with the server's message. */
async function ask(path, signal) {
  let response;
  try {
    response = await fetch(path, { signal, headers: { Accept: 'application/json' } });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error('The server does not answer. Is pulselake still running?', { cause: error });
  }
  const body = await response.json().catch(() => ({ error: `The server answered ${response.status}.` }));
  if (!response.ok) throw new Error(body.error ?? `The server answered ${response.status}.`);
  return body;
}

/**
 * The rows of a panel, as objects, by the name of the query.
 *
 * @param {{ uid: string, panel: string, fromMs: number, toMs: number, variables?: Record<string, string[]>, points?: number, signal?: AbortSignal }} request
 */
export async function askPanel({ uid, panel, signal, ...view }) {
  const answer = await ask(`/api/dashboards/${uid}/panels/${panel}?${parametersOf(view)}`, signal);
  const queries = answer.queries.map(({ refId, columns, rows }) => [
    refId,
    { columns, rows: rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]]))) },
  ]);
  return { stepMs: answer.stepMs, ...Object.fromEntries(queries) };
}

/** The values that a variable can have. */
export async function askVariable({ uid, name, signal, ...view }) {
  const { values } = await ask(`/api/variables/${uid}/${name}?${parametersOf(view)}`, signal);
  return values;
}

/** `{ firstDay, lastDay }` of a dashboard's data, nulls when there is none. */
export function askExtent(uid, signal) {
  return ask(`/api/extent/${uid}`, signal);
}

function parametersOf({ fromMs, toMs, points, variables = {} }) {
  const parameters = new URLSearchParams({ from: String(Math.floor(fromMs)), to: String(Math.floor(toMs)) });
  if (points !== undefined) parameters.set('points', String(points));
  for (const [name, values] of Object.entries(variables)) {
    for (const value of values) parameters.append(`var-${name}`, value);
  }
  return parameters;
}
