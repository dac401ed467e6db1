import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { serviceOfLogFile } from '../src/index.js';
import { logOutcomeOf } from './support/log-oracle.js';
import { readLog } from './support/readers.js';

const ADDRESSES = ['<masked>', '10.0.0.1', '', '-', '<masked', 'fe80::1 x'];
const USERS = ['cart', '-', '', ' ', 'o r', '--', ';ldkh045', 'cart,', 'a "b"', 'é'];
const REQUESTS = [
  'GET /a/b HTTP/1.1',
  'GET /a?x=/b',
  'POST /b#c',
  'GET /',
  'GET //x',
  '/a',
  'GET  /a',
  '',
  ' /a',
  'GET a',
  'GET /é "q"',
  'GET /a%2Fb',
  'GET /a 200',
];
const AGENTS = [
  'Firefox',
  'Machine (lib; svc)',
  'Machine (lib)',
  'Machine (lib;)',
  'Machine (l; a;b )',
  'Machine ()',
  'Machine (a(b); c)',
  'machine (lib; svc)',
  'Machine (lib; svc) ',
  '',
  'say "hi"',
  'Machine (;  )',
  'Machine (; (c)',
];
const TIMES = [
  '10/Oct/2022:13:55:36 +0000',
  '10/Oct/2022:23:55:36 -0100',
  '2022-10-10T13:43:01.480Z',
  '2022-10-09T23:59:59.9999Z',
];
const NO_TIMES = ['10/Oct/2022', '30/Feb/2022:00:00:00 +0000', '2022-10-10', 't', '1665409381'];
const STATUSES = ['200', '499', '500', '503', '599', '999', '000', '20', 'OK'];

const from = (texts: readonly string[]) => fc.constantFrom(...texts);
const line = fc
  .record({
    address: from(ADDRESSES),
    user: from(USERS),
    request: from(REQUESTS),
    agent: from(AGENTS),
    time: fc.oneof({ weight: 9, arbitrary: from(TIMES) }, { weight: 1, arbitrary: from(NO_TIMES) }),
    status: from(STATUSES),
    shape: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ address, user, request, agent, time, status, shape }) => {
    if (shape === 1) return `${address} - ${user} [${time}] "${request}" ${status} "${agent}"`;
    if (shape === 2) return `${address}  - ${user} "${request}" ${status} [${time}] "${agent}"`;
    if (shape === 3) return `${address} - ${user}, [${time}], "${request}", ${status}, "${agent}"`;
    return `${address} - ${user} [${time}] "${request}" ${status} 12 "-" "${agent}"`;
  });
const ASKED = ['2022-10-10', '2022-10-12'];
const fileName = fc.constantFrom('access.log', 'pay-2022-10-10.txt', 'pay-2022-02-30.txt');

/** The whole report of the lines, counted in plain Maps. */
function oracle(lines: readonly string[], service: string | undefined, days: readonly string[] | undefined) {
  const totals = { accepted: 0, external: 0, outOfRange: 0 };
  const rejected: unknown[] = [];
  const counts = new Map<string, { totalRequests: number; failedRequests: number }>();
  lines.forEach((text, index) => {
    const outcome = logOutcomeOf(Buffer.from(text).toString('latin1'), service);
    if (typeof outcome === 'string') {
      rejected.push({ line: index + 1, reason: outcome, raw: text });
      return;
    }
    const { day, source, target, failed } = outcome;
    if (days && !days.includes(day)) {
      totals.outOfRange++;
      return;
    }
    totals[source === '' ? 'external' : 'accepted']++;
    const utf8 = (bytes: string) => Buffer.from(bytes, 'latin1').toString();
    const key = JSON.stringify([day, source === '' ? 'user' : 'service', utf8(source || 'users'), utf8(target)]);
    const count = counts.get(key) ?? { totalRequests: 0, failedRequests: 0 };
    counts.set(key, {
      totalRequests: count.totalRequests + 1,
      failedRequests: count.failedRequests + (failed ? 1 : 0),
    });
  });
  return { rejected, totals, counts: Object.fromEntries(counts) };
}

describe('the access log parser', () => {
  test('counts every line as the expressions and the rules do', () => {
    const lines = fc.array(line, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lines, fileName, fc.boolean(), (texts, name, asked) => {
        const days = asked ? ASKED : undefined;
        const reading = readLog([Buffer.from(texts.join('\n'))], {
          fileName: name,
          ...(days && { days: new Set(days.map((day) => Date.parse(day) / 86_400_000)) }),
        });
        const { counts, ...totals } = reading.totals as {
          counts: {
            day: string;
            kind: string;
            source: string;
            target: string;
            totalRequests: number;
            failedRequests: number;
          }[];
        };
        const expected = oracle(texts, name === 'pay-2022-10-10.txt' ? 'pay' : undefined, days);
        expect(reading.calls.map(({ values }) => ({ ...values, message: undefined }))).toEqual(expected.rejected);
        expect(totals).toEqual(expected.totals);
        const keyed = counts.map(({ day, kind, source, target, ...count }) => [
          JSON.stringify([day, kind, source, target]),
          count,
        ]);
        expect(keyed).toHaveLength(Object.keys(expected.counts).length);
        expect(Object.fromEntries(keyed)).toEqual(expected.counts);
      }),
      { numRuns: 2_000 },
    );
  });

  test('meets every outcome in this law', () => {
    const outcomes = fc.sample(line, { numRuns: 3_000, seed: 1 }).map((text) => logOutcomeOf(text, undefined));
    const kinds = outcomes.map((outcome) => (typeof outcome === 'string' ? outcome : outcome.source && 'service'));
    for (const kind of ['unparsed-line', 'bad-timestamp', '', 'service']) {
      expect([kind, kinds.filter((seen) => seen === kind).length > 30]).toEqual([kind, true]);
    }
  });
});

describe('the service of a log file', () => {
  test.each([
    ['order-service-2024-02-29.txt', 'order-service'],
    ['order-service-2024-02-29.txt.gz', 'order-service'],
    ['a-2024-01-01-2024-01-02.txt', 'a-2024-01-01'],
    ['-2024-01-01-2024-01-02.txt', '-2024-01-01'],
    ['é\n-2024-01-01.txt', 'é\n'],
  ])('of %j is %j', (name, service) => {
    expect(serviceOfLogFile(name)).toBe(service);
  });

  test.each([
    'order-2023-02-29.txt',
    'order-0000-01-01.txt',
    '-2024-01-01.txt',
    'order2024-01-01.txt',
    'order-2024-01-01.log',
    'order-2024-01-01.txt.gz.bak',
    'order-2024-01-01.TXT',
    'order-2024-1-1.txt',
    'order.txt',
    '',
  ])('is not told by %j', (name) => {
    expect(serviceOfLogFile(name)).toBeUndefined();
  });
});
