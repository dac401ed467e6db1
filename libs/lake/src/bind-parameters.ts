import { QueryError } from '@pulselake/dashboards';

/** What may hide a `?`: texts, quoted names, comments; then the `?` itself. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|\?/g;

const TEXT = `'(?:[^'\\0]|'')*'`;

/** A literal of SQL, and nothing that could be more. */
const LITERAL = new RegExp(
  `^\\s*(?:NULL|TRUE|FALSE|[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:E[+-]?\\d+)?|(?:DATE|TIME|TIMESTAMP|DECIMAL|DOUBLE|VARCHAR|BIGINT|INTEGER|BOOLEAN)?\\s*${TEXT})\\s*$`,
  'i',
);

/**
 * Puts `parameters` in the places of a statement's `?`, in order.
 *
 * @throws QueryError when there are more or fewer than places, or one is no literal
 * @example bindParameters("SELECT ? = '?'", ["'a'"]) // "SELECT 'a' = '?'"
 */
export function bindParameters(sql: string, parameters: readonly string[]): string {
  let used = 0;
  const bound = sql.replace(TOKEN, (token) => {
    if (token !== '?') return token;
    const literal = parameters[used++];
    if (literal === undefined) return token;
    if (!LITERAL.test(literal)) {
      throw new QueryError(
        `Parameter ${used} is ${literal}, which is no literal. Write a text in single quotes ('a text'), a number, TRUE, NULL, or DATE '2024-02-29'.`,
      );
    }
    return literal.trim();
  });
  if (used === parameters.length) return bound;
  throw new QueryError(`The statement has ${used} places for parameters (?), and ${parameters.length} were given.`);
}
