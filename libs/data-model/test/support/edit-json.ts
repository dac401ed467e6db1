type Container = Record<string, unknown> | unknown[];

/**
 * A copy of a JSON value with one change at a `/`-separated path. In lists, a segment is the `name` of an object, or the value of a text.
 *
 * @param to the new value; `undefined` removes. At a path that ends with `/+` it is appended to the list
 * @throws Error when the path leads nowhere: an edit that changes nothing proves nothing
 */
export function editJson<T>(value: T, path: string, to: unknown): T {
  const copy = JSON.parse(JSON.stringify(value)) as Container;
  const segments = path.split('/');
  const last = segments.pop() ?? '';
  let at = copy;
  for (const segment of segments) {
    const next = (at as Record<string, unknown>)[keyOf(at, segment)];
    if (typeof next !== 'object' || next === null) throw new Error(`${path}: there is no ${segment}`);
    at = next as Container;
  }
  if (Array.isArray(at)) {
    if (last === '+') at.push(to);
    else if (to === undefined) at.splice(Number(keyOf(at, last)), 1);
    else at[Number(keyOf(at, last))] = to;
  } else if (to === undefined) {
    if (!(last in at)) throw new Error(`${path}: there is no ${last}`);
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the copy is plain JSON
    delete at[last];
  } else {
    at[last] = to;
  }
  return copy as T;
}

function keyOf(container: Container, segment: string): string {
  if (!Array.isArray(container)) return segment;
  const index = container.findIndex((item) => item === segment || (item as { name?: unknown }).name === segment);
  if (index < 0) throw new Error(`there is no ${segment}`);
  return String(index);
}
