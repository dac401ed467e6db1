import { DashboardRequestError, DashboardSqlError } from './errors.js';
import { formatInterval, parseIntervalMs } from './interval.js';
import { formatRawTime } from './raw-time.js';
import type { VariableValues } from './resolve-variables.js';

/** What a viewer looks at. */
export interface ViewContext {
  /** Start of the range, inclusive, in milliseconds since the epoch. */
  readonly fromMs: number;
  /** End of the range, inclusive to the second, as in Grafana. */
  readonly toMs: number;
  /** Distance between two points of a chart in milliseconds. */
  readonly intervalMs: number;
  readonly variables: VariableValues;
}

/** What engines write differently. */
export interface SqlDialect {
  /** The start of the interval that `column` falls into; intervals begin at the epoch. */
  readonly timeGroup: (column: string, intervalMs: number) => string;
  /** A text as a literal. */
  readonly quoteText: (text: string) => string;
}

interface Expansion {
  readonly context: ViewContext;
  readonly dialect: SqlDialect;
}

/** `$__name`, `${name}`, `${name:format}` or `$name`. */
const REFERENCE = /\$(?:\{(\w+)(?::(\w+))?\}|(\w+))/y;

/**
 * Replaces Grafana's macros and variables in one pass, so that what a variable holds is never read as a macro. A quote in
 * a value cannot end its text.
 *
 * Knows `$__timeFilter(c)`, `$__timeGroup(c, '5m')`, `$__timeFrom()`, `$__timeTo()`, `$__rawTimeFrom('format')`,
 * `$__rawTimeTo('format')`, `$__interval`, `$__interval_ms`, and variables as `:sqlstring` or `:singlequote` (texts) and
 * `:csv` (plain numbers only).
 *
 * @throws DashboardSqlError when the SQL names an unknown macro or variable, or quotes a text once more
 * @throws DashboardRequestError when a value is no number where only numbers can stand
 * @see https://grafana.com/docs/plugins/grafana-athena-datasource/latest/
 */
export function expandSql(sql: string, expansion: Expansion): string {
  let expanded = '';
  let position = 0;
  let inText = false;
  while (position < sql.length) {
    const comment = inText ? undefined : /(?:--[^\n]*|\/\*[^]*?\*\/)/y;
    const skipped = comment && matchAt(comment, sql, position);
    if (skipped) {
      expanded += skipped[0];
      position += skipped[0].length;
      continue;
    }
    const character = sql.charAt(position);
    if (character === '$') {
      const { text, end } = expandReference(sql, position, { ...expansion, inText });
      expanded += text;
      position = end;
      continue;
    }
    if (character === "'") inText = !inText;
    expanded += character;
    position += 1;
  }
  return expanded;
}

function expandReference(
  sql: string,
  start: number,
  { context, dialect, inText }: Expansion & { readonly inText: boolean },
): { readonly text: string; readonly end: number } {
  const match = matchAt(REFERENCE, sql, start);
  if (!match) throw new DashboardSqlError(`A lone $ stands at character ${start} of the query: ${sql}`);
  const name = match[1] ?? match[3] ?? '';
  const end = start + match[0].length;
  if (name === '__interval') return { text: formatInterval(context.intervalMs), end };
  if (name === '__interval_ms') return { text: String(context.intervalMs), end };
  if (!name.startsWith('__'))
    return { text: expandVariable(name, match[2] ?? 'csv', { context, dialect, inText }), end };
  if (inText) throw new DashboardSqlError(`The macro $${name} stands inside a text of the query: ${sql}`);
  const call = readArguments(sql, end);
  const args = call.args.map((argument) => expandSql(argument, { context, dialect }));
  return { text: expandMacro(name, args, { context, dialect }), end: call.end };
}

function expandVariable(
  name: string,
  format: string,
  { context, dialect, inText }: Expansion & { readonly inText: boolean },
): string {
  const values = Object.hasOwn(context.variables, name) ? context.variables[name] : undefined;
  if (!values) throw new DashboardSqlError(`The query uses the variable "${name}", which the dashboard does not have.`);
  if (format === 'sqlstring' || format === 'singlequote') {
    if (inText) throw new DashboardSqlError(`The variable "${name}" brings its own quotes: take it out of the text.`);
    return values.length > 0 ? values.map(dialect.quoteText).join(', ') : 'NULL';
  }
  if (format !== 'csv') {
    throw new DashboardSqlError(
      `The variable "${name}" has the format "${format}"; use sqlstring, singlequote or csv.`,
    );
  }
  const wrong = values.find((value) => !/^\d+(?:\.\d+)?$/.test(value));
  if (wrong !== undefined || values.length === 0) {
    throw new DashboardRequestError(`The variable "${name}" must be a number, not ${JSON.stringify(wrong ?? '')}.`);
  }
  return values.join(', ');
}

function expandMacro(name: string, args: readonly string[], { context, dialect }: Expansion): string {
  const { fromMs, toMs } = context;
  const [first = '', second = ''] = args;
  const instant = (epochMs: number) => `TIMESTAMP '${formatRawTime(epochMs, 'yyyy-MM-dd HH:mm:ss')}'`;
  switch (`${name}/${args.length}`) {
    case '__timeFilter/1':
      return `${first} BETWEEN ${instant(fromMs)} AND ${instant(toMs)}`;
    case '__timeGroup/2':
      return dialect.timeGroup(first, parseIntervalMs(unquote(second)));
    case '__timeFrom/0':
      return instant(fromMs);
    case '__timeTo/0':
      return instant(toMs);
    case '__rawTimeFrom/1':
      return `'${formatRawTime(fromMs, unquote(first))}'`;
    case '__rawTimeTo/1':
      return `'${formatRawTime(toMs, unquote(first))}'`;
    default:
      throw new DashboardSqlError(`There is no macro $${name} with ${args.length} arguments.`);
  }
}

/** The arguments of a macro that may follow at `start`, split at commas outside texts and inner parentheses. */
function readArguments(sql: string, start: number): { readonly args: readonly string[]; readonly end: number } {
  if (sql[start] !== '(') return { args: [], end: start };
  const args: string[] = [];
  let depth = 0;
  let inText = false;
  let from = start + 1;
  for (let at = start; at < sql.length; at += 1) {
    const character = sql[at];
    if (character === "'") inText = !inText;
    if (inText) continue;
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth === 0 || (depth === 1 && character === ',')) {
      args.push(sql.slice(from, at).trim());
      from = at + 1;
    }
    if (depth === 0) return { args: args.length === 1 && args[0] === '' ? [] : args, end: at + 1 };
  }
  throw new DashboardSqlError(`A macro's parenthesis at character ${start} does not close: ${sql}`);
}

function unquote(argument: string): string {
  const match = /^'([^']*)'$/.exec(argument);
  if (!match) throw new DashboardSqlError(`A macro wants a text in single quotes, not ${argument}.`);
  return match[1] ?? '';
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text) ?? undefined;
}
