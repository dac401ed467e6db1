import type { QueryValue } from '@pulselake/dashboards';
import { textOf } from '../shared/format.js';

/** RFC 4180 with a header line; what is not known is empty. */
export function csvOf(names: readonly string[], rows: readonly (readonly QueryValue[])[]): string {
  return [names, ...rows].map((row) => row.map(field).join(',')).join('\r\n') + '\r\n';
}

function field(value: QueryValue): string {
  const text = textOf(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Hands a text to the reader as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
