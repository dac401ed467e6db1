// eslint-disable-next-line no-control-regex -- names come from files: a terminal must not obey them
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Text as it may be shown on a terminal: control characters as escapes. */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Several lines as they may be shown on a terminal. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** A table with aligned columns; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly unknown[])[]): string[] {
  const names = header.map(printable);
  const cells = rows.map((row) => row.map(cellText));
  const widths = names.map((name, column) =>
    cells.reduce((widest, row) => Math.max(widest, row[column]!.length), name.length),
  );
  const numeric = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => row[column] === null || typeof row[column] === 'number'),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [line(names), line(widths.map((width) => '─'.repeat(width))), ...cells.map(line)];
}

/** A value as a cell. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return printable(value);
  return typeof value === 'object' ? printable(JSON.stringify(value)) : `${value as number | boolean}`;
}

/** A field of CSV, quoted where RFC 4180 asks for it. */
export function csvField(value: unknown): string {
  const text =
    value === null || value === undefined
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : `${value as string | number | boolean}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** 1234567 as `1,234,567`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Bytes as people read them. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let size = value;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]!}`;
}
