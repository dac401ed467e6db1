import { accessLogChunks, metricEventChunks, windowedMetricsCsvChunks } from '@pulselake/generators';
import { csvFields, csvOutcome, EVENT_FIELDS, EVENT_OPTIONS, jsonOutcome } from './record-model.js';
import { type Outcome, WINDOW_FIELDS, WINDOW_OPTIONS } from './record-model.js';
import { readCsv, readEvents, type Reading, readLog, readWindows } from './read-input.js';

/** A parser, real records for it, and what the rules make of a line. */
export interface Subject {
  readonly name: string;
  /** Whole records, without line ends. */
  readonly records: readonly Buffer[];
  /** The first line of every input. */
  readonly header?: Buffer;
  readonly read: (chunks: readonly Buffer[], maxRecordBytes: number) => Reading;
  /**
   * The outcome of a line by the slow model; absent where there is none. For a CSV the fields of the header decide.
   */
  readonly outcomeOf?: (text: string, header: readonly string[]) => Outcome;
}

const RECORDS = 200;

const linesOf = (chunks: Iterable<Uint8Array>, more: readonly string[] = []): Buffer[] =>
  Buffer.concat([...chunks])
    .toString()
    .trimEnd()
    .split('\n')
    .concat(more)
    .map((line) => Buffer.from(line));

const asJson = (header: Buffer, row: Buffer): Buffer => {
  const fields = row.toString().split(',');
  const entries = header
    .toString()
    .split(',')
    .map((name, index) => [name, /Value|Count/.test(name) ? Number(fields[index]) : fields[index]!] as const);
  return Buffer.from(JSON.stringify(Object.fromEntries(entries)));
};

const ODD_EVENTS = [
  '{"value":-7.0E-4, "unit":"€", "eventId":"id-1", "publicationTimestamp":"2024-05-01T12:00:00.001Z", "metricName":"é", "componentName":"cart"}',
  '{"componentName":"caf\\u00e9","metricName":"m","unit":"%","value":1e30,"publicationTimestamp":"0001-01-01T00:00:00Z","more":{"a":[1]}}',
];
const EVENT_ROWS = [
  'cart,latency,ms,1.5,2024-05-01T12:00:00Z,id-1,x',
  '"ca""rt","a,b",€,-0,1969-12-31T23:59:59.9999Z,,',
  'pay,errors,count,+.5e3,9999-12-31T23:59:59.999Z,"i,d",""',
];
const ODD_ROWS = ['"ca""rt",2024-05-01T12:35:05.001Z,7.0E-4,"la,tency",0,2024-05-01T12:35:15.001Z,€,,'];
const ODD_LOG_LINES = [
  '10.0.0.1 - alice [10/Oct/2022:13:55:36 +0000] "GET /orders/1 HTTP/1.1" 200 "Machine (Apache; cart)"',
  '10.0.0.1 - bob, [2022-10-11T13:43:01Z], "GET /x", 503, "Firefox"',
  '10.0.0.1 - carol [10/Oct/2022:23:55:36 -0100] "GET /é HTTP/1.1" 200 2326 "http://a/" "Machine (Java)"',
  '192.168.17.17  - ;ldkh045 "GET /п?q="x"" 200 [2022-09-15T13:43:01.480Z] "Say "hi""',
];

/** Every parser with its records. */
export function fuzzSubjects(seed: number): Subject[] {
  const [windowHeader, ...windowRows] = linesOf(windowedMetricsCsvChunks({ records: RECORDS, seed }));
  const rows = [...windowRows, ...ODD_ROWS.map((row) => Buffer.from(row))];
  const kindOf = (header: readonly string[]) =>
    WINDOW_FIELDS.every((field) => header.includes(field)) ? 'window' : 'event';
  const csv = {
    read: readCsv,
    outcomeOf: (text: string, header: readonly string[]) => csvOutcome(header, text, kindOf(header)),
  };
  return [
    {
      name: 'events as JSON Lines',
      records: linesOf(metricEventChunks({ records: RECORDS, seed, withIds: true }), ODD_EVENTS),
      read: readEvents,
      outcomeOf: (text) => jsonOutcome(text, 'event'),
    },
    { name: 'windows as CSV', records: rows, header: windowHeader!, ...csv },
    {
      name: 'events as CSV',
      records: EVENT_ROWS.map((row) => Buffer.from(row)),
      header: Buffer.from('componentName,metricName,unit,value,publicationTimestamp,eventId,more'),
      ...csv,
    },
    {
      name: 'windows as JSON Lines',
      records: windowRows.map((row) => asJson(windowHeader!, row)),
      read: readWindows,
      outcomeOf: (text) => jsonOutcome(text, 'window'),
    },
    {
      name: 'access logs',
      records: linesOf(accessLogChunks({ records: RECORDS, seed }), ODD_LOG_LINES),
      read: readLog,
    },
  ];
}

/** The columns of a header; `undefined` when the file must fail for it. */
export function columnsOf(text: string): readonly string[] | undefined {
  const names = csvFields(text);
  if (!names) return undefined;
  const holds = (fields: readonly string[]) => fields.every((field) => names.includes(field));
  const used = holds(WINDOW_FIELDS) ? [...WINDOW_FIELDS, ...WINDOW_OPTIONS] : [...EVENT_FIELDS, ...EVENT_OPTIONS];
  if (!holds(WINDOW_FIELDS) && !holds(EVENT_FIELDS)) return undefined;
  return used.some((field) => names.indexOf(field) !== names.lastIndexOf(field)) ? undefined : names;
}
