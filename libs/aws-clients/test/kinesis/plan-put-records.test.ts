import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planPutRecords, PUT_RECORDS_QUOTA, type SizedRecord } from '../../src/kinesis/index.js';

const records = fc.array(
  fc.record({ partitionKey: fc.constantFrom('a', 'b', 'c', 'd'), sizeBytes: fc.integer({ min: 1, max: 120 }) }),
  { maxLength: 60 },
);
const quota = fc.record({
  maxRecords: fc.integer({ min: 1, max: 9 }),
  maxRequestBytes: fc.integer({ min: 1, max: 300 }),
  maxRecordBytes: fc.integer({ min: 1, max: 110 }),
  maxRecordsPerKey: fc.constantFrom(1, 2, Infinity),
});

const ofKey = (key: string, all: readonly SizedRecord[]) => all.filter(({ partitionKey }) => partitionKey === key);

it('keeps order and count', () => {
  fc.assert(
    fc.property(records, quota, (given, limits) => {
      const { requests, tooLarge } = planPutRecords(given, limits);
      const planned = requests.flat();
      expect(planned.length + tooLarge.length).toBe(given.length);
      const sendable = given.filter((record) => !tooLarge.includes(record));
      for (const key of ['a', 'b', 'c', 'd']) expect(ofKey(key, planned)).toEqual(ofKey(key, sendable));
      if (limits.maxRecordsPerKey === Infinity) expect(planned).toEqual(sendable);
    }),
  );
});

it('keeps within the quotas, and leaves out only what no request takes', () => {
  fc.assert(
    fc.property(records, quota, (given, limits) => {
      const { requests, tooLarge } = planPutRecords(given, limits);
      const most = Math.min(limits.maxRecordBytes, limits.maxRequestBytes);
      expect(tooLarge).toEqual(given.filter(({ sizeBytes }) => sizeBytes > most));
      for (const request of requests) {
        expect(request.length).toBeGreaterThan(0);
        expect(request.length).toBeLessThanOrEqual(limits.maxRecords);
        const bytes = request.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        expect(bytes).toBeLessThanOrEqual(limits.maxRequestBytes);
        for (const key of ['a', 'b', 'c', 'd']) {
          expect(ofKey(key, request).length).toBeLessThanOrEqual(limits.maxRecordsPerKey);
        }
      }
    }),
  );
});

it('fills requests: 1,200 small records are three, eleven of 1 MiB are two', () => {
  const make = (count: number, sizeBytes: number) =>
    Array.from({ length: count }, (_, index) => ({ partitionKey: String(index), sizeBytes }));
  const sizes = (given: SizedRecord[]) =>
    planPutRecords(given, PUT_RECORDS_QUOTA).requests.map((request) => request.length);
  expect(sizes(make(1_200, 100))).toEqual([500, 500, 200]);
  expect(sizes(make(11, 1_048_576))).toEqual([10, 1]);
});
