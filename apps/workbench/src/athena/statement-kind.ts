/** What Athena says of a statement. */
export interface StatementKind {
  readonly type: 'DML' | 'DDL' | 'UTILITY';
  readonly subtype: string;
  /** Whether it only reads, and so may run here. */
  readonly isReading: boolean;
  /** Whether the first row of the results repeats the names of the columns. */
  readonly hasHeader: boolean;
}

const BEFORE = /^(?:\s|\(|--[^\r\n]*\r?\n|\/\*(?:(?!\*\/)[^])*\*\/)*/;

const READING = new Set(['SELECT', 'WITH', 'FROM', 'VALUES', 'TABLE', 'SUMMARIZE', 'PIVOT', 'UNPIVOT']);
const WRITING = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'UNLOAD']);

/**
 * Judges a statement by its first words. Only queries have a header among their rows: what SHOW, DESCRIBE and EXPLAIN give
 * has none.
 *
 * @see https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html
 */
export function statementKind(sql: string): StatementKind {
  const words = sql
    .replace(BEFORE, '')
    .toUpperCase()
    .split(/[^A-Z]+/, 2);
  const [first = '', second = ''] = words;
  if (READING.has(first)) return { type: 'DML', subtype: 'SELECT', isReading: true, hasHeader: true };
  if (WRITING.has(first)) return { type: 'DML', subtype: first, isReading: false, hasHeader: false };
  if (first === 'EXPLAIN') return { type: 'UTILITY', subtype: 'EXPLAIN', isReading: true, hasHeader: false };
  if (first === 'SHOW') return { type: 'UTILITY', subtype: `SHOW_${second}`, isReading: true, hasHeader: false };
  if (first === 'DESCRIBE' || first === 'DESC')
    return { type: 'UTILITY', subtype: 'DESCRIBE_TABLE', isReading: true, hasHeader: false };
  return { type: 'DDL', subtype: [first, second].filter(Boolean).join('_'), isReading: false, hasHeader: false };
}
