import { describe, expect, it } from 'vitest';
import { AccessLogLine } from '../src/logs/access-log-line.js';
import * as fc from 'fast-check';
import { logFieldsOf } from './support/log-oracle.js';

function byScanner(line: string): Record<string, string> | undefined {
  // Surrounded by the bytes of other lines, which must not be looked at.
  const bytes = Buffer.from(`x - y [t] "\n${line}\n" 200 [t] "`, 'latin1');
  const start = 12;
  const end = start + line.length;
  const fields = new AccessLogLine();
  if (!fields.match(bytes, start, end)) return undefined;
  const text = (from: number, to: number) => bytes.toString('latin1', from, to);
  return {
    address: text(fields.addressStart, fields.addressEnd),
    user: text(fields.userStart, fields.userEnd),
    request: text(fields.requestStart, fields.requestEnd),
    status: String(fields.status).padStart(3, '0'),
    time: text(fields.timeStart, fields.timeEnd),
    agent: text(fields.agentStart, fields.agentEnd),
  };
}

const PIECES = [
  ' ',
  '  ',
  ' - ',
  '  - ',
  '-',
  '"',
  ' "',
  '" ',
  '" "',
  '[',
  ']',
  '[t]',
  ' [t] "',
  '] "',
  ', ',
  ',',
  ' 200 ',
  '" 200 "',
  '" 503 [t] "',
  '200',
  '12',
  'a',
  '<masked>',
  'GET /a',
  'Machine (x; y)',
  ', [t], "',
  '", 200, "',
  '" 200 5 "',
  '" 404 - "',
];

describe('the access log scanner', () => {
  it('finds the fields that the documented expressions find, in lines made of any pieces', () => {
    const line = fc.array(fc.constantFrom(...PIECES), { maxLength: 24 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(line, (text) => {
        expect(byScanner(text)).toEqual(logFieldsOf(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('finds the fields that the documented expressions find, in damaged lines of every shape', () => {
    const shaped = fc.constantFrom(
      '10.0.0.1 - alice [10/Oct/2022:13:55:36 +0000] "GET /orders/1 HTTP/1.1" 200 "Machine (Apache; cart)"',
      '<masked>  - order "POST /api" 200 [2022-09-15T13:43:01.480Z] "Apache"',
      '10.0.0.1 - bob, [2022-09-15T13:43:01Z], "GET /x", 503, "Firefox"',
      '10.0.0.1 - carol [10/Oct/2022:13:55:36 +0000] "GET /x HTTP/1.1" 200 2326 "http://a/" "Firefox"',
    );
    const edit = fc.tuple(fc.nat(120), fc.nat(6), fc.constantFrom(...PIECES, ''));
    fc.assert(
      fc.property(shaped, fc.array(edit, { maxLength: 4 }), (text, edits) => {
        const damaged = edits.reduce<string>(
          (line, [at, cut, piece]) => line.slice(0, at) + piece + line.slice(at + cut),
          text,
        );
        expect(byScanner(damaged)).toEqual(logFieldsOf(damaged));
      }),
      { numRuns: 20_000 },
    );
  });
});
