/** Where two JSON values differ, a line each: `$.path: old → new`. Keys whose value is `undefined` do not count. */
export function jsonDifference(before: unknown, after: unknown, path = '$'): string[] {
  if (Object.is(before, after)) return [];
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [`${path}: ${short(before)} → ${short(after)}`];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    jsonDifference(before[key], after[key], Array.isArray(before) ? `${path}[${key}]` : `${path}.${key}`),
  );
}

const MAX_LENGTH = 120;

function short(value: unknown): string {
  if (value === undefined) return '(nothing)';
  const text = JSON.stringify(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
