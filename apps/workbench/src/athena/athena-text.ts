import type { QueryValue } from '@pulselake/dashboards';
import type { DuckDbType } from './duckdb-type.js';

/** A value as GetQueryResults holds it: a text, or nothing where it is NULL. */
export function athenaText(value: QueryValue | undefined, type: DuckDbType): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (type.kind === 'list') {
    return `[${elementsOf(value)
      .map((element) => textWithin(element, type.element))
      .join(', ')}]`;
  }
  if (type.kind === 'map') {
    return `{${entriesOf(value)
      .map(([key, entry]) => `${key}=${textWithin(entry, type.value)}`)
      .join(', ')}}`;
  }
  if (type.kind === 'struct') {
    const entries = new Map(entriesOf(value));
    // Hive and Trino know names in lower case only.
    return `{${type.fields
      .map((field) => `${field.name.toLowerCase()}=${textWithin(entries.get(field.name), field.type)}`)
      .join(', ')}}`;
  }
  return scalarText(value, type);
}

function scalarText(value: QueryValue, { name, scale = 0 }: DuckDbType & { kind: 'scalar' }): string {
  if (typeof value === 'number') {
    if (name === 'DOUBLE' || name === 'FLOAT') return javaDouble(value);
    return name === 'DECIMAL' ? value.toFixed(scale) : String(value);
  }
  if (typeof value !== 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (name.startsWith('TIMESTAMP')) return timestampText(value, name.endsWith('TIME ZONE'));
  if (name === 'TIME') return `${value.slice(0, 8)}${value.slice(8, 12).padEnd(1, '.').padEnd(4, '0')}`;
  if (name === 'BLOB')
    return Buffer.from(value, 'base64')
      .toString('hex')
      .replace(/..(?=.)/g, '$& ');
  return value;
}

/** `2024-02-29T12:00:00.123456Z` as `2024-02-29 12:00:00.123`; Athena and its drivers know milliseconds. */
function timestampText(instant: string, hasZone: boolean): string {
  const match = /^(\S+)T(\d\d:\d\d:\d\d\.\d{3})\d*Z$/.exec(instant);
  return match ? `${match[1] ?? ''} ${match[2] ?? ''}${hasZone ? ' UTC' : ''}` : instant;
}

/** A double as Java writes it, and so Athena: `5.0`, `1.0E7`, `1.2E-4`. */
function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

function textWithin(value: QueryValue | undefined, type: DuckDbType): string {
  return athenaText(value, type) ?? 'null';
}

function elementsOf(value: QueryValue): readonly QueryValue[] {
  return Array.isArray(value) ? value : [];
}

function entriesOf(value: QueryValue): [string, QueryValue][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
