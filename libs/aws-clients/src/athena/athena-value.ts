import type { QueryValue } from '@pulselake/dashboards';
import { instantOf } from './instant-of.js';

/**
 * A value of a result by the type of its column. `undefined` is NULL; the empty text is a text.
 *
 * Arrays, maps and rows stay the texts that Athena makes of them (`[a, b]`, `{k=v}`): they cannot be told apart again.
 * Select `CAST(x AS JSON)` for a text that can be parsed.
 */
export function athenaValue(text: string | undefined, type: string): QueryValue {
  if (text === undefined) return null;
  switch (type) {
    case 'boolean':
      return text === 'true';
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'int':
    case 'bigint':
      return Number.isSafeInteger(Number(text)) ? Number(text) : text;
    case 'float':
    case 'real':
    case 'double':
      return Number(text);
    case 'decimal':
      // Up to 15 digits a double holds all of them.
      return text.replace(/^[-+]?0*|\./g, '').length <= 15 ? Number(text) : text;
    case 'timestamp':
    case 'timestamp with time zone':
      return instantOf(text) ?? text;
    case 'varbinary':
      return /^(?:[0-9a-f]{2}(?: |$))*$/.test(text)
        ? Buffer.from(text.replaceAll(' ', ''), 'hex').toString('base64')
        : text;
    default:
      return text;
  }
}
