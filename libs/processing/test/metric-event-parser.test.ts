import { formatInstant, MetricEventSchema, parseInstant } from '@pulselake/data-model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashEventId } from '../src/events/event-id-hash.js';
import { jsonInstant, jsonNumber, jsonObject, jsonText } from './support/json-text.js';
import { readEvents } from './support/readers.js';
import { objectOf, reasonOf, type RecordRules } from './support/record-oracle.js';

const NEEDED = ['componentName', 'metricName', 'unit', 'value', 'publicationTimestamp'] as const;
const RULES: RecordRules = {
  lengths: { componentName: 128, metricName: 128, unit: 32, eventId: 64 },
  needed: NEEDED,
  numbers: ['value'],
  counts: [],
  instants: ['publicationTimestamp'],
  known: [...NEEDED, 'eventId'],
};

/** What becomes of a line, by JSON.parse, the rules, and the schema of the data model. */
function oracle(line: string): unknown {
  const record = objectOf(line);
  const reason = reasonOf(record, RULES);
  const known = RULES.known.flatMap((field) => {
    const value = record?.get(field);
    return value === undefined || (field === 'eventId' && (value === null || value === '')) ? [] : [[field, value]];
  });
  const event = MetricEventSchema.safeParse(Object.fromEntries(known));
  if (reason !== undefined) {
    // The schema does not know unpaired surrogates.
    if (reason !== 'malformed') expect(event.success).toBe(false);
    return reason;
  }
  return { ...event.data!, publicationTimestamp: formatInstant(parseInstant(event.data!.publicationTimestamp)!) };
}

function parse(line: string): unknown {
  const { records, calls } = readEvents([Buffer.from(line)]);
  expect(records).toBe(1);
  expect(calls).toHaveLength(1);
  const [call] = calls;
  if (call!.kind !== 'event') return (call!.values as { reason: string }).reason;
  const { idHash, ...event } = call!.values as { idHash: unknown; eventId?: string };
  expect(idHash).toEqual(hashOf(event.eventId));
  return event;
}

function hashOf(id: string | undefined): unknown {
  if (id === undefined) return undefined;
  const hash = { h0: 0, h1: 0, h2: 0, h3: 0 };
  const bytes = Buffer.from(id);
  hashEventId(hash, bytes, 0, bytes.length);
  return hash;
}

const line = jsonObject({
  componentName: jsonText(128),
  metricName: jsonText(128),
  unit: jsonText(32),
  value: jsonNumber,
  publicationTimestamp: jsonInstant,
  eventId: fc.oneof(jsonText(64), fc.constantFrom('null', '""')),
});

describe('the metric event parser', () => {
  test('makes of any event what JSON.parse and the rules make of it', () => {
    fc.assert(
      fc.property(line, (text) => {
        expect(parse(text)).toEqual(oracle(text));
      }),
      { numRuns: 8_000 },
    );
  });

  test('makes of damaged events what JSON.parse and the rules make of them', () => {
    const piece = fc.constantFrom('', '"', '{', '}', ',', ':', ' ', '\\', '\\u0061', '1', '.', '-', 'e', '\0', 'null');
    const edit = fc.tuple(fc.nat(190), fc.nat(2), piece);
    fc.assert(
      fc.property(line, edit, (text, [at, cut, inserted]) => {
        const damaged = text.slice(0, at) + inserted + text.slice(at + cut);
        fc.pre(damaged.isWellFormed());
        expect(parse(damaged)).toEqual(oracle(damaged));
      }),
      { numRuns: 8_000 },
    );
  });

  test('meets every reason and both ways of being accepted in these laws', () => {
    const outcomes = fc.sample(line, { numRuns: 4_000, seed: 1 }).map((text) => oracle(text));
    const count = (wanted: unknown) => outcomes.filter((outcome) => outcome === wanted).length;
    const accepted = outcomes.filter((outcome) => typeof outcome === 'object').length;
    expect(accepted).toBeGreaterThan(1_000);
    for (const reason of ['malformed', 'too-long', 'missing-field', 'wrong-type', 'bad-timestamp', 'not-finite']) {
      expect([reason, count(reason) > 20]).toEqual([reason, true]);
    }
  });

  const whole = (value: string) =>
    `{"componentName":"c","metricName":"m","unit":"u","value":${value},"publicationTimestamp":"2024-05-01T12:00:00Z"}`;

  test.each(['0', '-0', '10', '-1.5', '1e5', '1E-5', '1.0e+5', '123456789012345680000'])(
    'takes the number %s',
    (value) => {
      expect(parse(whole(value))).toMatchObject({ value: Number(value) });
    },
  );

  test.each([
    '017',
    '-017',
    '1.',
    '.5',
    '-.5',
    '+1',
    '1.e5',
    '-',
    '1e',
    '1e+',
    'NaN',
    'Infinity',
    '0x1',
    '',
    '1_000',
    "'1'",
  ])('fails on the number %j, which is none in JSON', (value) => {
    expect(parse(whole(value))).toBe('malformed');
  });

  test.each(['1e999', '-1e999', '1e400', `1${'0'.repeat(309)}`])('fails on %s, which is beyond double', (value) => {
    expect(parse(whole(value))).toBe('not-finite');
  });

  test('takes the last of duplicate keys, however they are written', () => {
    expect(parse(whole('"x","value":1,"v\\u0061lue":2'))).toMatchObject({ value: 2 });
    expect(parse(whole('2,"value":"x"'))).toBe('wrong-type');
  });

  test('does not find fields in what an object inherits', () => {
    expect(parse('{"__proto__":' + whole('1') + '}')).toBe('missing-field');
  });

  test('fails on an unpaired surrogate in every known field and in no other', () => {
    const event = JSON.parse(whole('1')) as Record<string, unknown>;
    for (const field of RULES.known) {
      expect(parse(JSON.stringify({ ...event, [field]: 'a\ud800' }))).toBe('malformed');
    }
    expect(parse(whole('1,"other":"\\ud800"'))).toMatchObject({ value: 1 });
  });

  test('fails on nesting of any depth without falling over', () => {
    expect(parse('['.repeat(500_000))).toBe('malformed');
    expect(parse(whole(`1,"other":${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toMatchObject({ value: 1 });
  });
});
