/** A type of DuckDB, taken apart. */
export type DuckDbType =
  | { readonly kind: 'scalar'; readonly name: string; readonly precision?: number; readonly scale?: number }
  | { readonly kind: 'list'; readonly element: DuckDbType }
  | { readonly kind: 'map'; readonly key: DuckDbType; readonly value: DuckDbType }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: DuckDbType }[] };

/**
 * Reads a type as DuckDB writes it.
 *
 * @example parseDuckDbType('STRUCT("a b" INTEGER)[]') // { kind: 'list', element: { kind: 'struct', … } }
 */
export function parseDuckDbType(text: string): DuckDbType {
  const trimmed = text.trim();
  const list = /^([^]*)\[\d*\]$/.exec(trimmed);
  if (list) return { kind: 'list', element: parseDuckDbType(list[1] ?? '') };
  const nested = /^(STRUCT|MAP)\(([^]*)\)$/.exec(trimmed);
  if (nested?.[1] === 'MAP') {
    const [key = '', value = ''] = splitAtCommas(nested[2] ?? '');
    return { kind: 'map', key: parseDuckDbType(key), value: parseDuckDbType(value) };
  }
  if (nested) return { kind: 'struct', fields: splitAtCommas(nested[2] ?? '').map(parseField) };
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(trimmed);
  if (decimal) return { kind: 'scalar', name: 'DECIMAL', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  return { kind: 'scalar', name: trimmed };
}

function parseField(text: string): { name: string; type: DuckDbType } {
  const match = /^\s*(?:"((?:[^"]|"")*)"|(\S+))\s+([^]*)$/.exec(text);
  return { name: match?.[1]?.replaceAll('""', '"') ?? match?.[2] ?? '', type: parseDuckDbType(match?.[3] ?? '') };
}

/** The parts between commas that stand outside parentheses and quoted names. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth > 0 || character !== ',') continue;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  return [...parts, text.slice(from)];
}
