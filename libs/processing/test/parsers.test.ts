import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyInput } from './support/any-input.js';
import { cutAnywhere } from './support/cut-anywhere.js';
import { linesOf } from './support/line-oracle.js';
import {
  type Chunks,
  readCsv,
  readEvents,
  type ReaderOptions,
  type Reading,
  readLog,
  readWindowedJson,
} from './support/readers.js';

const EVENTS = [
  '{"componentName":"cart","metricName":"latency","unit":"ms","value":1.5,"publicationTimestamp":"2024-05-01T12:00:00Z"}',
  '{"value":-7.0E-4, "unit":"€", "eventId":"id-1", "publicationTimestamp":"2024-05-01T12:00:00.001Z", "metricName":"é", "componentName":"cart"}',
  '{"componentName":"caf\\u00e9","metricName":"m","unit":"%","value":1e999,"publicationTimestamp":"2024-05-01T12:00:00Z"}',
  '{"componentName":"cart","metricName":"latency","unit":"ms","value":"1","publicationTimestamp":"2024-05-01"}',
  '{"componentName":"cart","metricName":"latency","unit":"ms","publicationTimestamp":"2024-05-01T12:00:00Z"}',
  '{"value":1,"eventId":"id-2"}',
  '{}',
];
const WINDOW_ROWS = [
  'componentName,fromTimestamp,maxValue,metricName,minValue,toTimestamp,unit,sumValue,sampleCount',
  'cart,2024-05-01T12:00:00Z,2.5,latency,-1,2024-05-01T12:05:00Z,ms,3,2',
  '"ca""rt",2024-05-01T12:35:05.001Z,7.0E-4,"la,tency",0,2024-05-01T12:35:15.001Z,€,,',
  'cart,2024-05-01T12:00:00Z,1,latency,2,2024-05-01T12:05:00Z,ms,,',
  'cart,2024-05-01T12:00:00Z,NaN,latency,2,2024-05-01T11:05:00Z,ms,1e999,0',
];
const EVENT_ROWS = [
  'componentName,metricName,unit,value,publicationTimestamp,eventId',
  'cart,latency,ms,1.5,2024-05-01T12:00:00Z,id-1',
  '"ca""rt",latency,€,-0,2024-05-01T12:00:00.9999Z,"id""2"',
  'cart,latency,ms,x,2024-05-01T12:00:00Z,',
];
const WINDOWS = [
  '{"componentName":"cart","metricName":"latency","unit":"ms","minValue":1,"maxValue":2,"fromTimestamp":"2024-05-01T12:00:00Z","toTimestamp":"2024-05-01T12:05:00Z"}',
  '{"componentName":"cart","metricName":"é","unit":"ms","minValue":1,"maxValue":2,"sumValue":3,"sampleCount":2.0,"fromTimestamp":"2024-05-01T12:00:00Z","toTimestamp":"2024-05-01T12:05:00Z"}',
  '{"componentName":"cart","metricName":"latency","unit":"ms","minValue":3,"maxValue":2,"fromTimestamp":"2024-05-01T12:00:00Z","toTimestamp":"2024-05-01T12:05:00Z"}',
];
const LOG_LINES = [
  '10.0.0.1 - alice [10/Oct/2022:13:55:36 +0000] "GET /orders/1 HTTP/1.1" 200 "Machine (Apache; cart)"',
  '<masked>  - order "POST /api" 503 [2022-10-10T13:43:01.480Z] "Apache"',
  '10.0.0.1 - bob, [2022-10-11T13:43:01Z], "GET /x", 503, "Firefox"',
  '10.0.0.1 - carol [10/Oct/2022:23:55:36 -0100] "GET /é HTTP/1.1" 200 2326 "http://a/" "Firefox"',
  '<masked>  - - "POST /api" 503 [2022-10-10T13:43:01.480Z] "Apache"',
];
const ONE_DAY = new Set([Date.parse('2022-10-10T00:00:00Z') / 86_400_000]);

interface Subject {
  readonly lines: readonly string[];
  /** A header that stands at the top of every input. */
  readonly header?: string;
  readonly read: (chunks: Chunks, options: ReaderOptions) => Reading;
}

const SUBJECTS: readonly (readonly [string, Subject])[] = [
  ['metric events', { lines: EVENTS, read: readEvents }],
  ['a CSV of windows', { lines: WINDOW_ROWS, header: WINDOW_ROWS[0]!, read: readCsv }],
  ['a CSV of plain events', { lines: EVENT_ROWS, header: EVENT_ROWS[0]!, read: readCsv }],
  ['windows as JSON Lines', { lines: WINDOWS, read: readWindowedJson }],
  ['an access log', { lines: LOG_LINES, read: readLog }],
  [
    'an access log of one day',
    { lines: LOG_LINES, read: (chunks, options) => readLog(chunks, { ...options, days: ONE_DAY }) },
  ],
  [
    'an access log whose name gives the target',
    { lines: LOG_LINES, read: (chunks, options) => readLog(chunks, { ...options, fileName: 'pay-2022-10-10.txt.gz' }) },
  ],
];

/** Inputs, the limit of their records, and the same inputs cut anywhere. */
function inputsOf({ lines, header }: Subject) {
  const top = Buffer.from(header === undefined ? '' : `${header}\r\n`);
  const least = Math.max(top.length, 1);
  return anyInput(lines, { long: true }).chain((rest) => {
    const input = Buffer.concat([top, rest]);
    const limit = fc.constantFrom(least, 100 + least, 200 + least, 20_000);
    return fc.tuple(fc.constant(input), cutAnywhere(input), limit);
  });
}

describe.each(SUBJECTS)('reading %s', (_, subject) => {
  test('makes the same calls wherever the chunks are cut', () => {
    fc.assert(
      fc.property(inputsOf(subject), ([input, chunks, maxRecordBytes]) => {
        expect(subject.read(chunks, { maxRecordBytes })).toEqual(subject.read([input], { maxRecordBytes }));
      }),
      { numRuns: 400 },
    );
  });

  test('counts every record exactly once, whatever the bytes', () => {
    fc.assert(
      fc.property(inputsOf(subject), ([input, chunks, maxRecordBytes]) => {
        const { records, calls, totals } = subject.read(chunks, { maxRecordBytes });
        const expected = linesOf(input, maxRecordBytes).slice(subject.header === undefined ? 0 : 1);
        expect(records).toBe(expected.length);

        const lines = calls.map(({ line }) => line);
        expect(new Set(lines).size).toBe(lines.length);
        expect(lines).toEqual([...lines].sort((a, b) => a - b));
        const known = new Set(expected.map(({ line }) => line));
        expect(lines.filter((line) => !known.has(line))).toEqual([]);

        const { accepted = 0, external = 0, outOfRange = 0 } = totals as Record<string, number>;
        expect(calls.length + accepted + external + outOfRange).toBe(records);
      }),
      { numRuns: 400 },
    );
  });

  test('says of each line by itself what it says of it among others', () => {
    const header = Buffer.from(subject.header === undefined ? '' : `${subject.header}\n`);
    fc.assert(
      fc.property(inputsOf(subject), ([input, , maxRecordBytes]) => {
        const together = new Map(subject.read([input], { maxRecordBytes }).calls.map((call) => [call.line, call]));
        for (const { line, bytes } of linesOf(input).slice(subject.header === undefined ? 0 : 1)) {
          // A byte order mark of another line than the first is part of the line.
          const own = Buffer.concat([header.length > 0 ? header : Buffer.from('\n'), bytes, Buffer.from('\r\n')]);
          const [alone] = subject.read([own], { maxRecordBytes }).calls;
          const among = together.get(line);
          expect(alone?.kind).toBe(among?.kind);
          expect({ ...alone?.values, line: 0 }).toEqual({ ...among?.values, line: 0 });
        }
      }),
      { numRuns: 200 },
    );
  });

  test('finds no record in an input of line ends', () => {
    const top = subject.header === undefined ? '' : `${subject.header}\n`;
    expect(subject.read([Buffer.from(`\uFEFF${top}\n\r\n\n`)], {}).records).toBe(0);
    expect(subject.read([], {}).records).toBe(0);
  });
});
