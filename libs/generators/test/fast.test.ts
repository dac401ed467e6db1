import { createHash } from 'node:crypto';
import { parseInstant } from '@pulselake/data-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessLogChunks, metricEventChunks, windowedMetricsCsvChunks } from '../src/index.js';
import { ByteWriter } from '../src/fast/byte-writer.js';

const text = (chunks: Iterable<Uint8Array>): string => Buffer.concat([...chunks]).toString();
const lines = (chunks: Iterable<Uint8Array>): string[] => text(chunks).trimEnd().split('\n');
const sha256 = (chunks: Iterable<Uint8Array>): string => createHash('sha256').update(text(chunks)).digest('hex');

const GENERATORS = [
  ['windowedMetricsCsvChunks', windowedMetricsCsvChunks],
  ['metricEventChunks', metricEventChunks],
  ['accessLogChunks', accessLogChunks],
] as const;

describe.each(GENERATORS)('%s', (_name, generate) => {
  it('keeps its bytes for a seed from one version to the next', () => {
    expect(sha256(generate({ records: 20_000, seed: 7 }))).toMatchSnapshot();
    expect(sha256(generate({ records: 20_000, seed: 8 }))).not.toBe(sha256(generate({ records: 20_000, seed: 7 })));
  });

  it('makes as many records as asked, in several chunks that stay as they are', () => {
    const chunks = [...generate({ records: 20_000, seed: 7 })];
    expect(chunks.length).toBeGreaterThan(2);
    expect(lines(chunks).length - (generate === windowedMetricsCsvChunks ? 1 : 0)).toBe(20_000);
    expect(text(generate({ records: 0, seed: 7 })).split('\n')).toHaveLength(
      generate === windowedMetricsCsvChunks ? 2 : 1,
    );
  });

  it('fails on options out of their range', () => {
    const first = (options: object) => () => [...generate({ records: 10, seed: 1, ...options })];
    expect(first({ records: -1 })).toThrow('records is -1; it must be a whole number, 0 or more.');
    expect(first({ days: 0 })).toThrow('days is 0; it must be above 0');
    expect(first({ startMs: 0.5 })).toThrow('startMs is 0.5');
    expect(first({ components: 0, callers: 0 })).toThrow('is 0; it must be a whole number between 1 and 10000.');
  });
});

describe('windowedMetricsCsvChunks', () => {
  it('reports each row as it stands in the file', () => {
    const reported: string[] = [];
    const onWindow = (...row: number[]): number => reported.push(row.slice(1).join(','));
    const rows = lines(windowedMetricsCsvChunks({ records: 500, seed: 7, components: 3, onWindow }));
    expect(rows[0]).toBe(
      'componentName,fromTimestamp,maxValue,metricName,minValue,toTimestamp,unit,sumValue,sampleCount',
    );
    const read = rows.slice(1).map((row) => {
      const [, from, max, , min, to, , sum, count] = row.split(',');
      return [parseInstant(from!), parseInstant(to!), Number(min), Number(max), Number(sum), Number(count)].join(',');
    });
    expect(reported).toEqual(read);
  });

  it('leaves out sums and counts when asked', () => {
    expect(lines(windowedMetricsCsvChunks({ records: 1, seed: 7, withSums: false }))[1]!.split(',')).toHaveLength(7);
  });

  it('gives each series contiguous windows which contain their mean', () => {
    const ends = new Map<number, number>();
    const onWindow = (
      ...[series, from, to, min, max, sum, count]: [number, number, number, number, number, number, number]
    ) => {
      expect(from).toBe(ends.get(series) ?? from);
      ends.set(series, to);
      expect(sum / count).toBeGreaterThan(min - 1e-9);
      expect(sum / count).toBeLessThan(max + 1e-9);
    };
    lines(windowedMetricsCsvChunks({ records: 2_000, seed: 9, onWindow }));
    expect(ends.size).toBe(40);
  });
});

describe('metricEventChunks', () => {
  it('writes events in the training order of keys and reports them', () => {
    const reported: [number, number][] = [];
    const events = lines(
      metricEventChunks({
        records: 300,
        seed: 7,
        withIds: true,
        idPrefix: 'x-',
        onEvent: (_series, ...rest) => reported.push(rest),
      }),
    ).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(Object.keys(events[0]!)).toEqual([
      'metricName',
      'componentName',
      'publicationTimestamp',
      'value',
      'unit',
      'eventId',
    ]);
    expect(events.map((event) => [parseInstant(event['publicationTimestamp'] as string), event['value']])).toEqual(
      reported,
    );
    expect(new Set(events.map((event) => event['eventId'])).size).toBe(300);
  });

  it('fails on a prefix which JSON would have to escape', () => {
    expect(() => [...metricEventChunks({ records: 1, seed: 1, idPrefix: '"' })]).toThrow('idPrefix is """');
  });
});

describe('accessLogChunks', () => {
  it('reports each line as it stands in the file', () => {
    const reported: string[] = [];
    const log = lines(
      accessLogChunks({ records: 400, seed: 7, failingShare: 0.3, onCall: (...call) => reported.push(call.join(',')) }),
    );
    const read = log.map((line) => {
      const match = /^(\S+) {2}- (\S+) "[A-Z]+ \/[^"]*" (\d{3}) \[([^\]]+)\] "[^"]+"$/.exec(line)!;
      const caller = match[1] === '<masked>' ? match[2]!.replace('service-', '') : '-1';
      return [caller, parseInstant(match[4]!), match[3]].join(',');
    });
    expect(read).toEqual(reported);
    expect(read.some((line) => line.endsWith('503'))).toBe(true);
    expect(read.some((line) => line.startsWith('-1'))).toBe(true);
  });

  it('fails on a share above 1', () => {
    expect(() => [...accessLogChunks({ records: 1, seed: 1, peopleShare: 2 })]).toThrow('peopleShare is 2');
  });
});

describe('ByteWriter', () => {
  it('writes the digits of any number', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        const value = Math.abs(number);
        const writer = new ByteWriter();
        writer.integer(value);
        writer.byte(32);
        writer.thousandths(value);
        const [integer, decimal] = Buffer.from(writer.take()).toString().split(' ') as [string, string];
        expect(integer).toBe(String(value));
        expect(decimal.replace('.', '')).toBe(String(value).padStart(4, '0'));
        expect(decimal.at(-4)).toBe('.');
      }),
      { examples: [[0], [999], [2 ** 31], [2 ** 31 - 1], [Number.MAX_SAFE_INTEGER], [10], [99_999_999_999]] },
    );
  });
});
