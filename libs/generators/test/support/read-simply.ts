import { parseInstant, utcDay } from '@pulselake/data-model';
import type { RenderedFile } from './render-dataset.js';

/** What a reader that follows the record rules word by word, and cares for nothing else, makes of files. */
export interface SimpleResult {
  windows: Map<string, { min: number; max: number; sum: number | null; count: number | null }>;
  traffic: Map<string, { total: number; failed: number }>;
  rejected: string[];
  counts: Record<string, Record<string, number>>;
}

type Fields = Record<string, unknown>;
const REQUIRED_TEXTS: [string, number][] = [
  ['componentName', 128],
  ['metricName', 128],
  ['unit', 32],
];
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const NOT_FINITE = /^(NaN|[+-]?Infinity)$/;

export function readSimply(files: readonly RenderedFile[], nowMs: number): SimpleResult {
  const result: SimpleResult = { windows: new Map(), traffic: new Map(), rejected: [], counts: {} };
  for (const file of files) {
    const ids = new Set<string>();
    const count = (what: string, by = 1): void => {
      const counts = (result.counts[file.stage] ??= {});
      counts[what] = (counts[what] ?? 0) + by;
    };
    const reject = (reason: string, line?: Buffer | string): void => {
      count('rejected');
      count(`rejected:${reason}`);
      result.rejected.push(
        JSON.stringify({ stage: file.stage, reason, ...(line === undefined ? {} : raw(reason, line)) }),
      );
    };
    const take = (fields: Fields, line: Buffer | undefined): void => {
      const reason = windowOrEventReason(fields);
      if (reason) {
        reject(reason, line);
        return;
      }
      const isEvent = 'value' in fields;
      const { componentName, metricName, unit, value, eventId } = fields as Record<string, string>;
      const key = `${componentName!}|${metricName!}|${unit!}`;
      if (!isEvent) {
        count('accepted');
        const { minValue, maxValue, sumValue, sampleCount } = fields as Record<string, number | undefined>;
        merge(
          result,
          `${key}|${String(millis(fields['fromTimestamp']))}|${String(millis(fields['toTimestamp']))}|batch`,
          {
            min: minValue!,
            max: maxValue!,
            sum: sumValue ?? null,
            count: sampleCount ?? null,
          },
        );
        return;
      }
      const timeMs = millis(fields['publicationTimestamp'])!;
      const number = value as unknown as number;
      const id = eventId == null || eventId === '' ? undefined : eventId;
      if (timeMs > nowMs + 300_000) {
        const known = {
          componentName,
          metricName,
          unit,
          value,
          publicationTimestamp: new Date(timeMs).toISOString(),
          eventId: id,
        };
        reject('future', JSON.stringify(known));
        return;
      }
      const start = Math.floor(timeMs / 300_000) * 300_000;
      const idKey = `${key}|${start}|${id ?? ''}`;
      if (id !== undefined && ids.has(idKey)) {
        count('duplicate');
        return;
      }
      ids.add(idKey);
      count('accepted');
      const source = file.stage === 'metrics-etl' ? 'batch' : 'stream';
      merge(result, `${key}|${start}|${start + 300_000}|${source}`, {
        min: number,
        max: number,
        sum: number,
        count: 1,
      });
    };
    for (const row of file.rows) {
      count('read');
      take(
        { ...row, fromTimestamp: row.fromTimestamp.toISOString(), toTimestamp: row.toTimestamp.toISOString() },
        undefined,
      );
    }
    let header: string[] | undefined;
    for (const line of lines(file.bytes)) {
      if (file.path.includes('.csv') && !header) {
        header = line.toString().split(',');
        continue;
      }
      count('read');
      if (!isUtf8(line)) reject('bad-encoding', line);
      else if (line.length > 1_048_576) reject('too-long', line);
      else if (file.stage === 'traffic-report') readLogLine(file, line, result, { count, reject });
      else {
        const fields = header ? csvFields(header, line.toString()) : jsonFields(line.toString());
        if (fields) take(fields, line);
        else reject('malformed', line);
      }
    }
  }
  result.rejected.sort();
  return result;
}

function lines(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let start = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  while (start < bytes.length) {
    let end = bytes.indexOf(10, start);
    if (end < 0) end = bytes.length;
    const line = bytes.subarray(start, bytes[end - 1] === 13 && end - 1 >= start ? end - 1 : end);
    if (line.length > 0) found.push(line);
    start = end + 1;
  }
  return found;
}

function isUtf8(line: Buffer): boolean {
  return Buffer.from(line.toString()).equals(line);
}

function raw(reason: string, line: Buffer | string): object {
  const bytes = Buffer.from(line);
  const truncated = bytes.length > 8192 ? { truncated: true } : {};
  if (reason === 'bad-encoding') return { rawBase64: bytes.subarray(0, 8192).toString('base64'), ...truncated };
  let end = Math.min(8192, bytes.length);
  while (!isUtf8(bytes.subarray(0, end))) end--;
  return { raw: bytes.subarray(0, end).toString(), ...truncated };
}

function csvFields(header: string[], line: string): Fields | undefined {
  const cells: string[] = [];
  for (let rest = `,${line}`; rest !== '';) {
    const quoted = /^,"((?:[^"]|"")*)"(?=,|$)/.exec(rest);
    const plain = /^,(?!")[^,]*/.exec(rest);
    if (!quoted && !plain) return undefined;
    cells.push(quoted ? quoted[1]!.replaceAll('""', '"') : plain![0].slice(1));
    rest = rest.slice((quoted ?? plain)![0].length);
  }
  if (cells.length !== header.length) return undefined;
  const fields: Fields = {};
  for (const [index, name] of header.entries()) {
    const cell = cells[index]!;
    const isNumber = ['value', 'minValue', 'maxValue', 'sumValue', 'sampleCount'].includes(name);
    if (!isNumber) fields[name] = cell;
    else if (cell === '') fields[name] = null;
    else fields[name] = NOT_FINITE.test(cell) ? Infinity : NUMBER.test(cell) ? Number(cell) : { wrong: cell };
  }
  return fields;
}

function jsonFields(line: string): Fields | undefined {
  try {
    const json: unknown = JSON.parse(line);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
    const fields = json as Fields;
    const known = [...REQUIRED_TEXTS.map(([name]) => name), 'eventId', 'publicationTimestamp'];
    const isTorn = known.some((name) => typeof fields[name] === 'string' && !fields[name].isWellFormed());
    return isTorn ? undefined : fields;
  } catch {
    return undefined;
  }
}

function windowOrEventReason(fields: Fields): string | undefined {
  const isEvent = !('minValue' in fields || 'maxValue' in fields);
  const numbers = isEvent ? ['value'] : ['minValue', 'maxValue'];
  const times = isEvent ? ['publicationTimestamp'] : ['fromTimestamp', 'toTimestamp'];
  const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '';
  const texts: [string, number][] = [...REQUIRED_TEXTS, ['eventId', 64]];
  for (const [name, limit] of texts) {
    if (typeof fields[name] === 'string' && Array.from(fields[name]).length > limit) return 'too-long';
  }
  for (const [name] of REQUIRED_TEXTS) if (isAbsent(fields[name])) return 'missing-field';
  if ([...numbers, ...times].some((name) => isAbsent(fields[name]))) return 'missing-field';
  for (const [name] of texts) if (!isAbsent(fields[name]) && typeof fields[name] !== 'string') return 'wrong-type';
  const optional = ['sumValue', 'sampleCount'].filter((name) => !isAbsent(fields[name]));
  for (const name of [...numbers, ...optional]) if (typeof fields[name] !== 'number') return 'wrong-type';
  const samples = fields['sampleCount'] as number | undefined | null;
  if (samples != null && !(Number.isSafeInteger(samples) && samples >= 1)) return 'wrong-type';
  if (times.some((name) => millis(fields[name]) === undefined)) return 'bad-timestamp';
  if ([...numbers, ...optional].some((name) => !Number.isFinite(fields[name]))) return 'not-finite';
  if (isEvent) return undefined;
  if ((fields['minValue'] as number) > (fields['maxValue'] as number)) return 'min-above-max';
  return millis(fields['fromTimestamp'])! >= millis(fields['toTimestamp'])! ? 'empty-window' : undefined;
}

function millis(value: unknown): number | undefined {
  return typeof value === 'string' ? parseInstant(value) : undefined;
}

function merge(
  { windows }: SimpleResult,
  key: string,
  part: { min: number; max: number; sum: number | null; count: number | null },
): void {
  const window = windows.get(key);
  if (!window) windows.set(key, part);
  else {
    window.min = Math.min(window.min, part.min);
    window.max = Math.max(window.max, part.max);
    window.sum = window.sum === null || part.sum === null ? null : window.sum + part.sum;
    window.count = window.count === null || part.count === null ? null : window.count + part.count;
  }
}

const SHAPES: [RegExp, { agent: number; status: number; time: number; request: number }][] = [
  [/^(.*?) {2}- (.*?) "(.*)" (\d{3}) \[([^[\]]{1,64})\] "(.*)"$/s, { request: 3, status: 4, time: 5, agent: 6 }],
  [/^(.*?) - (.*?) \[([^[\]]{1,64})\] "(.*)" (\d{3}) "(.*)"$/s, { time: 3, request: 4, status: 5, agent: 6 }],
  [
    /^([^ ]*) [^ ]+ (.*?) \[([^[\]]{1,64})\] "(.*)" (\d{3}) (?:\d+|-) "(.*?)" "(.*)"$/s,
    { time: 3, request: 4, status: 5, agent: 7 },
  ],
  [/^(.*?) - (.*?), \[([^[\]]{1,64})\], "(.*)", (\d{3}), "(.*)"$/s, { time: 3, request: 4, status: 5, agent: 6 }],
];

function readLogLine(
  file: RenderedFile,
  line: Buffer,
  result: SimpleResult,
  { count, reject }: { count: (what: string) => void; reject: (reason: string, line: Buffer) => void },
): void {
  const text = line.toString();
  const shape = SHAPES.find(([expression]) => expression.test(text));
  if (!shape) {
    reject('unparsed-line', line);
    return;
  }
  const [expression, at] = shape;
  const groups = expression.exec(text)!;
  const name = /([^/]*)$/.exec(file.path)![1]!;
  const byName = /^(.+)-\d{4}-\d\d-\d\d\.txt(?:\.gz)?$/.exec(name)?.[1];
  const target = byName ?? /^[^ ]* \/([^/?# ]*)/.exec(groups[at.request]!)?.[1];
  const machine = /^Machine \([^;()]*(?:;([^()]*))?\)$/.exec(groups[at.agent]!);
  const named = machine?.[1]?.trim();
  let source: string | undefined;
  if (named) source = named;
  else if (machine || groups[1] === '<masked>') {
    source = groups[2];
    if (source === '' || source === '-') {
      reject('unparsed-line', line);
      return;
    }
  }
  if (target === undefined || target === '') {
    reject('unparsed-line', line);
    return;
  }
  const timeMs = parseInstant(groups[at.time]!) ?? parseLogTime(groups[at.time]!);
  if (timeMs === undefined) {
    reject('bad-timestamp', line);
    return;
  }
  if (source === undefined) {
    count('external');
    return;
  }
  count('accepted');
  const key = `${utcDay(timeMs)}|${source}|${target}`;
  const pair = result.traffic.get(key) ?? { total: 0, failed: 0 };
  result.traffic.set(key, {
    total: pair.total + 1,
    failed: pair.failed + (Number(groups[at.status]) >= 500 ? 1 : 0),
  });
}

function parseLogTime(text: string): number | undefined {
  const match = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-])(\d\d)([0-5]\d)$/.exec(text);
  if (!match) return undefined;
  const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';
  const month = months.indexOf(match[2]!) / 3 + 1;
  const local = parseInstant(`${match[3]!}-${String(month).padStart(2, '0')}-${match[1]!}T${match[4]!}Z`);
  if (local === undefined) return undefined;
  const offsetMs = (Number(match[6]) * 60 + Number(match[7])) * 60_000;
  return local - (match[5] === '-' ? -offsetMs : offsetMs);
}
