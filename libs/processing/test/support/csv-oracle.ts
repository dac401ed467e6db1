import { parseInstant, type RejectReason } from '@pulselake/data-model';

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const NOT_FINITE = ['NaN', 'Infinity', '+Infinity', '-Infinity'];
/** A field, and what ends it: a quoted one up to its closing quote, any other up to the next comma. */
const FIELD = /(?:"((?:[^"]|"")*)"(?=,|$)|(?!")([^,]*))(,|$)/gsy;

/** The fields of a line; `undefined` when a quote is torn. */
export function fieldsOf(line: string): string[] | undefined {
  const fields: string[] = [];
  FIELD.lastIndex = 0;
  for (;;) {
    const match = FIELD.exec(line);
    if (!match) return undefined;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === '') return fields;
  }
}

/** What is needed of a CSV, and in which column each rule holds. */
export interface CsvRules {
  readonly needed: readonly string[];
  readonly numbers: readonly string[];
  readonly instants: readonly string[];
  readonly lengths: Readonly<Record<string, number>>;
}

/** The row of a line, or the first reason in the order of docs/reference/record-rules.md why it is none. */
export function csvRowOf(
  header: readonly string[],
  line: string,
  rules: CsvRules,
): RejectReason | Readonly<Record<string, string>> {
  const fields = fieldsOf(line);
  if (fields?.length !== header.length) return 'malformed';
  const row = Object.fromEntries(header.map((name, index) => [name, fields[index]!]));
  const present = (names: readonly string[]) => names.map((name) => row[name] ?? '').filter((text) => text !== '');
  const numbers = present(rules.numbers);
  const checks: readonly (readonly [RejectReason, boolean])[] = [
    ['too-long', Object.entries(rules.lengths).some(([name, length]) => [...(row[name] ?? '')].length > length)],
    ['missing-field', rules.needed.some((name) => row[name] === '')],
    ['wrong-type', numbers.some((text) => !NUMBER.test(text) && !NOT_FINITE.includes(text))],
    ['wrong-type', present(['sampleCount']).some((text) => !isCount(text))],
    ['bad-timestamp', rules.instants.some((name) => parseInstant(row[name]!) === undefined)],
    ['not-finite', numbers.some((text) => !Number.isFinite(Number(text)))],
    ['min-above-max', Number(row['minValue']) > Number(row['maxValue'])],
    ['empty-window', millisOf(row['fromTimestamp']) >= millisOf(row['toTimestamp'])],
  ];
  return checks.find(([, applies]) => applies)?.[0] ?? row;
}

function isCount(text: string): boolean {
  const count = NUMBER.test(text) ? Number(text) : NaN;
  return count % 1 === 0 && count >= 1 && count <= 2 ** 53 - 1;
}

function millisOf(instant: string | undefined): number {
  return instant === undefined ? NaN : (parseInstant(instant) ?? NaN);
}
