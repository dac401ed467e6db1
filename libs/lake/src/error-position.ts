import type { QueryPosition } from '@pulselake/dashboards';

/** How DuckDB shows a place: the line, maybe cut at both ends, and a caret below it. */
const SHOWN = /\n\nLINE (\d+): (.*)\n( *)\^/;
const CUT = '...';

/**
 * The place in `sql` that a message of DuckDB points at.
 *
 * Undefined when there is none, or when the line is shown in part and the part stands at several places.
 */
export function errorPosition(message: string, sql: string): QueryPosition | undefined {
  if (message.endsWith('at end of input')) {
    const lines = sql.split('\n');
    return { line: lines.length, column: lines.at(-1)!.length + 1 };
  }
  const match = SHOWN.exec(message);
  if (!match) return undefined;
  const [, line = '', shown = '', indent = ''] = match;
  const caret = indent.length - `LINE ${line}: `.length;
  if (caret < 0) return undefined;
  const text = sql.split('\n')[Number(line) - 1] ?? '';
  if (text.startsWith(shown)) return { line: Number(line), column: caret + 1 };
  const start = shown.startsWith(CUT) ? CUT.length : 0;
  const part = shown.slice(start, shown.endsWith(CUT) ? -CUT.length : undefined);
  const at = start === 0 ? (text.startsWith(part) ? 0 : -1) : text.indexOf(part);
  if (at < 0 || (start > 0 && text.includes(part, at + 1))) return undefined;
  return { line: Number(line), column: at + caret - start + 1 };
}
