import type { RejectReason } from '@pulselake/data-model';

/** What becomes of a record: the reason why it is rejected, or its values as one text. */
export type Outcome = string;

const LENGTHS: Readonly<Record<string, number>> = { componentName: 128, metricName: 128, unit: 32, eventId: 64 };
const NAMES = ['componentName', 'metricName', 'unit'];
export const EVENT_FIELDS = [...NAMES, 'value', 'publicationTimestamp'];
export const WINDOW_FIELDS = [...NAMES, 'minValue', 'maxValue', 'fromTimestamp', 'toTimestamp'];
export const EVENT_OPTIONS = ['eventId'];
export const WINDOW_OPTIONS = ['sumValue', 'sampleCount'];

type Values = ReadonlyMap<string, unknown>;

/** A JSON line by the rules of records. */
export function jsonOutcome(text: string, kind: 'event' | 'window'): Outcome {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'malformed';
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'malformed';
  const values = new Map(Object.entries(parsed));
  const known = kind === 'event' ? [...EVENT_FIELDS, ...EVENT_OPTIONS] : [...WINDOW_FIELDS, ...WINDOW_OPTIONS];
  // Half of a pair is no text that UTF-8 could hold.
  if (known.some((field) => /\p{Surrogate}/u.test(textOf(values.get(field))))) return 'malformed';
  return kind === 'event' ? eventOutcome(values, isNumber) : windowOutcome(values, isNumber);
}

/** A line of CSV by the rules of records. */
export function csvOutcome(header: readonly string[], text: string, kind: 'event' | 'window'): Outcome {
  const fields = csvFields(text);
  if (fields?.length !== header.length) return 'malformed';
  const used = kind === 'event' ? [...EVENT_FIELDS, ...EVENT_OPTIONS] : [...WINDOW_FIELDS, ...WINDOW_OPTIONS];
  const entries = header.flatMap((name, index) => (used.includes(name) ? [[name, fields[index]!] as const] : []));
  const values = new Map<string, unknown>(entries);
  return kind === 'event' ? eventOutcome(values, isDecimal) : windowOutcome(values, isDecimal);
}

/** The fields of a line of CSV; `undefined` when a quote is torn. */
export function csvFields(text: string): string[] | undefined {
  const fields: string[] = [];
  let rest = text;
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"(?=,|$)/s.exec(rest);
    if (!quoted && rest.startsWith('"')) return undefined;
    const plain = quoted ? quoted[0] : /^[^,]*/s.exec(rest)![0];
    fields.push(quoted ? quoted[1]!.replaceAll('""', '"') : plain);
    if (plain.length === rest.length) return fields;
    rest = rest.slice(plain.length + 1);
  }
}

function eventOutcome(values: Values, isNumeric: (value: unknown) => boolean): Outcome {
  const hasId = !isAbsent(values.get('eventId'));
  const reason = firstReason(values, EVENT_FIELDS, [
    ['wrong-type', NAMES.some((name) => typeof values.get(name) !== 'string')],
    ['wrong-type', !isNumeric(values.get('value'))],
    ['wrong-type', hasId && typeof values.get('eventId') !== 'string'],
    ['bad-timestamp', instantOf(values.get('publicationTimestamp')) === undefined],
    ['not-finite', !Number.isFinite(Number(values.get('value')))],
  ]);
  return (
    reason ??
    shown(values, [
      Number(values.get('value')),
      instantOf(values.get('publicationTimestamp'))!,
      hasId ? textOf(values.get('eventId')) : '',
    ])
  );
}

function windowOutcome(values: Values, isNumeric: (value: unknown) => boolean): Outcome {
  const [min, max, sum, count] = ['minValue', 'maxValue', 'sumValue', 'sampleCount'].map((name) => values.get(name));
  const [from, to] = [instantOf(values.get('fromTimestamp')), instantOf(values.get('toTimestamp'))];
  const numbers = [min, max, ...(isAbsent(sum) ? [] : [sum])];
  const hasCount = !isAbsent(count);
  const reason = firstReason(values, WINDOW_FIELDS, [
    ['wrong-type', NAMES.some((name) => typeof values.get(name) !== 'string')],
    ['wrong-type', numbers.some((value) => !isNumeric(value))],
    ['wrong-type', hasCount && !(isNumeric(count) && Number.isSafeInteger(Number(count)) && Number(count) >= 1)],
    ['bad-timestamp', from === undefined || to === undefined],
    ['not-finite', numbers.some((value) => !Number.isFinite(Number(value)))],
    ['min-above-max', Number(min) > Number(max)],
    ['empty-window', from! >= to!],
  ]);
  const optional = (value: unknown) => (isAbsent(value) ? NaN : Number(value));
  return reason ?? shown(values, [Number(min), Number(max), optional(sum), optional(count), from!, to!]);
}

/** An accepted record as one text, the same for the model and for what a parser hands on. */
export function shownRecord(names: readonly string[], rest: readonly (string | number)[]): Outcome {
  // −0 and 0 are one value.
  return JSON.stringify([...names, ...rest.map((value) => (typeof value === 'number' ? String(value + 0) : value))]);
}

function shown(values: Values, rest: readonly (string | number)[]): Outcome {
  return shownRecord(
    NAMES.map((name) => textOf(values.get(name))),
    rest,
  );
}

function firstReason(
  values: Values,
  needed: readonly string[],
  further: readonly (readonly [RejectReason, boolean])[],
): RejectReason | undefined {
  const tooLong = Object.entries(LENGTHS).some(
    ([name, length]) => Array.from(textOf(values.get(name))).length > length,
  );
  if (tooLong) return 'too-long';
  if (needed.some((name) => isAbsent(values.get(name)))) return 'missing-field';
  return further.find(([, applies]) => applies)?.[0];
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isDecimal(value: unknown): boolean {
  return /^([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|NaN|[+-]?Infinity)$/.test(textOf(value));
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/;

/** Milliseconds of an instant, cut; `undefined` when it is none. */
function instantOf(value: unknown): number | undefined {
  const match = INSTANT.exec(textOf(value));
  if (!match || match[1] === '0000') return undefined;
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  const text = `${year!}-${month!}-${day!}T${hour!}:${minute!}:${second!}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  const millis = Date.parse(text);
  return Number.isNaN(millis) || new Date(millis).toISOString() !== text ? undefined : millis;
}
