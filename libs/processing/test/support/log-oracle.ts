import { formatInstant, parseInstant } from '@pulselake/data-model';

export interface LogFields {
  readonly address: string;
  readonly user: string;
  readonly request: string;
  readonly status: string;
  readonly time: string;
  readonly agent: string;
}

/** The shapes as written in docs/reference/record-rules.md. */
const TIME = String.raw`[^\[\]]{1,64}`;
const SHAPES: readonly (readonly [RegExp, readonly (string | undefined)[]])[] = [
  [
    new RegExp(String.raw`^(.*?)  - (.*?) "(.*)" (\d{3}) \[(${TIME})\] "(.*)"$`, 's'),
    ['address', 'user', 'request', 'status', 'time', 'agent'],
  ],
  [
    new RegExp(String.raw`^(.*?) - (.*?) \[(${TIME})\] "(.*)" (\d{3}) "(.*)"$`, 's'),
    ['address', 'user', 'time', 'request', 'status', 'agent'],
  ],
  [
    new RegExp(String.raw`^([^ ]*) [^ ]+ (.*?) \[(${TIME})\] "(.*)" (\d{3}) (?:\d+|-) "(.*?)" "(.*)"$`, 's'),
    ['address', 'user', 'time', 'request', 'status', undefined, 'agent'],
  ],
  [
    new RegExp(String.raw`^(.*?) - (.*?), \[(${TIME})\], "(.*)", (\d{3}), "(.*)"$`, 's'),
    ['address', 'user', 'time', 'request', 'status', 'agent'],
  ],
];

/** The fields of a line (one character a byte) by the documented expressions; `undefined` when no shape fits. */
export function logFieldsOf(line: string): LogFields | undefined {
  for (const [shape, names] of SHAPES) {
    const match = shape.exec(line);
    if (match)
      return Object.fromEntries(
        names.flatMap((name, index) => (name ? [[name, match[index + 1]!]] : [])),
      ) as unknown as LogFields;
  }
  return undefined;
}

/** Where a line went: a reason, or the call that it tells of. `source` is empty for a person's call. */
export type LogOutcome =
  | 'unparsed-line'
  | 'bad-timestamp'
  | { readonly day: string; readonly source: string; readonly target: string; readonly failed: boolean };

/** What a line tells, by docs/reference/record-rules.md. Texts have one character a byte. */
export function logOutcomeOf(line: string, fileTarget: string | undefined): LogOutcome {
  const fields = logFieldsOf(line);
  if (!fields) return 'unparsed-line';
  const target = fileTarget ?? /^[^ ]* \/([^/?# ]+)/s.exec(fields.request)?.[1];
  if (target === undefined) return 'unparsed-line';
  const source = sourceOf(fields);
  if (source === undefined) return 'unparsed-line';
  const timeMs = timeOf(fields.time);
  if (timeMs === undefined) return 'bad-timestamp';
  return { day: formatInstant(timeMs).slice(0, 10), source, target, failed: Number(fields.status) >= 500 };
}

function sourceOf({ address, user, agent }: LogFields): string | undefined {
  const named = /^Machine \([^;()]*;([^()]*)\)$/s.exec(agent)?.[1];
  const service = named?.replace(/^ +| +$/g, '');
  if (service) return service;
  const isMachine = named !== undefined || /^Machine \([^;()]*\)$/s.test(agent);
  if (!isMachine && address !== '<masked>') return '';
  return user === '' || user === '-' ? undefined : user;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LOG_TIME = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-])([01]\d|2[0-3])([0-5]\d)$/;
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** A log's time in either form, through the data model's reading of the local time. */
export function timeOf(text: string): number | undefined {
  const match = LOG_TIME.exec(text);
  if (!match) return parseInstant(text);
  const [, day, name, year, time, sign, hours, minutes] = match;
  const month = String(MONTHS.indexOf(name!) + 1).padStart(2, '0');
  const local = parseInstant(`${year!}-${month}-${day!}T${time!}Z`);
  if (local === undefined) return undefined;
  const utc = local + (sign === '+' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return utc < FIRST_MS || utc > LAST_MS ? undefined : utc;
}
