import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MetricEventParser, rejectedEvent, type RejectedLine, SeriesTable } from '../src/index.js';
import { feed } from './support/readers.js';

/** Every event of the lines as a late one, with the event that it is read back as. */
function lateOf(...lines: readonly string[]): RejectedLine[] {
  const series = new SeriesTable();
  const rejected: RejectedLine[] = [];
  const parser = new MetricEventParser({
    series,
    onEvent: (event) => rejected.push(rejectedEvent('late', event, series)),
    onRejected: (line) => rejected.push(line),
  });
  feed(parser, [Buffer.from(lines.join('\n'))]);
  return rejected;
}

const text = (maxLength: number) =>
  fc.string({ unit: 'grapheme', minLength: 1, maxLength }).filter((own) => own.length <= maxLength);

describe('a late event', () => {
  test('is kept so that reading it again gives the same record', () => {
    const event = fc.record(
      {
        componentName: text(128),
        metricName: text(128),
        unit: text(32),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }),
        publicationTimestamp: fc
          .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
          .map((date) => date.toISOString()),
        eventId: text(64),
        other: text(8),
      },
      { requiredKeys: ['componentName', 'metricName', 'unit', 'value', 'publicationTimestamp'] },
    );
    fc.assert(
      fc.property(event, ({ other, ...known }) => {
        const [kept] = lateOf(JSON.stringify({ other, ...known }));
        expect(kept).toMatchObject({ reason: 'late', line: 1 });
        expect(JSON.parse(kept!.raw!)).toEqual({ ...known, value: known.value + 0 });
        expect(lateOf(kept!.raw!)).toEqual([kept]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('has its known fields in their order, without spaces, the time with three digits', () => {
    const [kept] = lateOf(
      '{"eventId": "i", "publicationTimestamp": "2024-05-01T12:00:00.1239Z", "x": 1, "value": 1.50e1, "unit": "u", "metricName": "m", "componentName": "\\u0063"}',
    );
    expect(kept!.raw).toBe(
      '{"componentName":"c","metricName":"m","unit":"u","value":15,"publicationTimestamp":"2024-05-01T12:00:00.123Z","eventId":"i"}',
    );
  });

  test('has the id of its own line, whichever way the line before it was read', () => {
    const fast = (id: string) =>
      `{"componentName":"c","metricName":"m","unit":"u","value":1,"publicationTimestamp":"2024-05-01T12:00:00Z"${id}}`;
    const slow = (id: string) => fast(`,"x":[]${id}`);
    const lines = [
      fast(',"eventId":"1"'),
      slow(',"eventId":"2"'),
      fast(''),
      slow(''),
      fast(',"eventId":""'),
      fast(',"eventId":"3"'),
    ];
    const ids = lateOf(...lines).map(({ raw }) => (JSON.parse(raw!) as { eventId?: string }).eventId);
    expect(ids).toEqual(['1', '2', undefined, undefined, undefined, '3']);
  });
});
