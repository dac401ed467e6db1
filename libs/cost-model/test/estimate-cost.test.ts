import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  estimateCost,
  explainOverBudget,
  InvalidLoadError,
  type Load,
  PRICE_LISTS,
  priceListOf,
  sizeDeployment,
  UnknownRegionError,
} from '../src/index.js';

const NOTHING: Load = { eventsPerSecond: 0, components: 0, logLinesPerDay: 0, dashboardViewers: 0 };
const load = (changed: Partial<Load>): Load => ({ ...NOTHING, ...changed });
const loads = fc.record({
  eventsPerSecond: fc.nat(1e6),
  components: fc.nat(1e5),
  logLinesPerDay: fc.nat(1e9),
  dashboardViewers: fc.nat(1e4),
});

describe('sizeDeployment', () => {
  test.each([
    // 1,000 records a second a shard, with a quarter to spare.
    [0, 1],
    [800, 1],
    [801, 2],
    [1000, 2],
    [100_000, 125],
  ])('%i events a second take %i shards', (eventsPerSecond, shards) => {
    expect(sizeDeployment(load({ eventsPerSecond })).eventShards).toBe(shards);
  });

  test('large events take shards for their bytes', () => {
    // 1,000 × 1.25 × 2,000 bytes = 2.5 MB a second.
    expect(sizeDeployment(load({ eventsPerSecond: 1000 }), { eventBytes: 2000 }).eventShards).toBe(3);
  });

  test('an event above 25 KB is more than one PUT unit', () => {
    expect(sizeDeployment(load({ eventsPerSecond: 1 }), { eventBytes: 25 * 1024 }).putUnitsPerEvent).toBe(1);
    expect(sizeDeployment(load({ eventsPerSecond: 1 }), { eventBytes: 25 * 1024 + 1 }).putUnitsPerEvent).toBe(2);
  });

  test.each([
    [0, 1],
    [8000, 1],
    [8001, 2],
    [100_000, 13],
  ])('%i events a second take %i KPUs', (eventsPerSecond, kpus) => {
    expect(sizeDeployment(load({ eventsPerSecond })).processingKpus).toBe(kpus);
  });

  test('ids that are held for long take KPUs for their memory', () => {
    // 10,000 × 3,600 × 10 s × 50 bytes = 18 GB, 2 GB a KPU.
    const { processingKpus } = sizeDeployment(load({ eventsPerSecond: 10_000 }), { idsHeldSeconds: 36_000 });
    expect(processingKpus).toBe(9);
  });

  test('there are no more windows than series, and no more than events', () => {
    expect(sizeDeployment(load({ eventsPerSecond: 1000, components: 10 })).windowsPerClosing).toBe(100);
    expect(sizeDeployment(load({ eventsPerSecond: 0.1, components: 10 })).windowsPerClosing).toBe(30);
  });

  test('Firehose writes by age when little comes, and by size when much does', () => {
    expect(sizeDeployment(NOTHING).filesPerDay).toBe(0);
    expect(sizeDeployment(load({ eventsPerSecond: 10, components: 10 })).filesPerDay).toBe(288);
    // 10 million series / 300 s × 350 bytes = 11.7 MB/s: a buffer of 64 MiB is full every 5.75 s.
    const { filesPerDay } = sizeDeployment(load({ eventsPerSecond: 1e6, components: 1e6 }));
    expect(filesPerDay).toBe(Math.ceil((86_400 * (1e7 / 300) * 350) / (64 * 2 ** 20)));
  });

  test('Firehose bills windows in steps of 5 KB', () => {
    const { windows, firehoseBilledGb } = sizeDeployment(load({ eventsPerSecond: 10, components: 10 }));
    expect(firehoseBilledGb).toBeCloseTo((windows * 5120) / 2 ** 30, 9);
  });

  test('a query is billed for at least 10 MB', () => {
    expect(sizeDeployment(NOTHING).bytesPerQuery).toBe(10e6);
    const large = sizeDeployment(load({ eventsPerSecond: 1e5, components: 1e4 }));
    expect(large.bytesPerQuery).toBe(large.windowBytesPerDay);
  });

  test('a Glue run is billed for at least a minute', () => {
    expect(sizeDeployment(NOTHING).glueSecondsPerRun).toBe(60);
    expect(sizeDeployment(NOTHING, { csvRowsPerDay: 0 }).glueDpuHours).toBe(0);
    const { glueSecondsPerRun } = sizeDeployment(NOTHING, { csvRowsPerDay: 96 * 5_500_000 });
    expect(glueSecondsPerRun).toBe(130);
  });

  test.each([
    [{ eventsPerSecond: -1 }, 'eventsPerSecond is -1; it must be a number from 0 to 100000000.'],
    [{ logLinesPerDay: Number.NaN }, 'logLinesPerDay is NaN'],
    [{ components: Number.POSITIVE_INFINITY }, 'components is Infinity'],
    [{ dashboardViewers: 1e7 }, 'dashboardViewers is 10000000'],
  ])('fails on a load of %j', (changed, message) => {
    expect(() => sizeDeployment(load(changed))).toThrow(InvalidLoadError);
    expect(() => sizeDeployment(load(changed))).toThrow(message);
  });

  test('fails on an assumption that would divide by nothing', () => {
    expect(() => sizeDeployment(NOTHING, { windowSizeSeconds: 0 })).toThrow(
      'windowSizeSeconds is 0; it must be a number above 0.',
    );
  });
});

describe('estimateCost', () => {
  test('a deployment without load costs some 200 dollars, four fifths of it Flink', () => {
    const { components, dollarsPerMonth } = estimateCost(NOTHING);
    expect(dollarsPerMonth).toBeGreaterThan(180);
    expect(dollarsPerMonth).toBeLessThan(230);
    const flink = components.find(({ component }) => component === 'Flink')!.dollarsPerMonth;
    // Two KPUs for 730 h at $0.11, and 50 GB at $0.10.
    expect(flink).toBeCloseTo(165.6, 9);
    expect(flink / dollarsPerMonth).toBeGreaterThan(0.75);
  });

  test('a line costs what its formula says', () => {
    const { lines } = estimateCost(load({ eventsPerSecond: 1000, components: 100 }));
    const shards = lines.find(({ item }) => item === 'shards of the event stream')!;
    expect(shards.formula).toBe('2 shards × 730 h × $0.015');
    expect(shards.dollarsPerMonth).toBeCloseTo(21.9, 9);
    const puts = lines.find(({ item }) => item === 'events put')!;
    // 2,628,000,000 events at $0.014 a million.
    expect(puts.formula).toBe('2,628,000,000 events × 1 PUT unit each × $0.000000014');
    expect(puts.dollarsPerMonth).toBeCloseTo(36.792, 9);
  });

  test('lines, components and the sum agree, whatever the load', () => {
    fc.assert(
      fc.property(loads, (any) => {
        const { lines, components, dollarsPerMonth } = estimateCost(any);
        for (const line of lines) {
          const product = line.factors.reduce((value, factor) => value * factor.value, line.price.dollars);
          expect(line.dollarsPerMonth).toBeCloseTo(product, 6);
          expect(line.dollarsPerMonth).toBeGreaterThanOrEqual(0);
          expect(line.price.source).toMatch(/^https:\/\/aws\.amazon\.com\//);
        }
        const sum = (all: readonly { dollarsPerMonth: number }[]) =>
          all.reduce((total, each) => total + each.dollarsPerMonth, 0);
        expect(sum(lines)).toBeCloseTo(dollarsPerMonth, 4);
        expect(sum(components)).toBeCloseTo(dollarsPerMonth, 4);
      }),
    );
  });

  test('more load never costs less', () => {
    fc.assert(
      fc.property(loads, loads, (one, more) => {
        const both = Object.fromEntries(
          (Object.keys(one) as (keyof Load)[]).map((name) => [name, one[name] + more[name]]),
        ) as unknown as Load;
        expect(estimateCost(both).dollarsPerMonth).toBeGreaterThanOrEqual(estimateCost(one).dollarsPerMonth - 1e-6);
      }),
    );
  });

  test('an assumption can be set', () => {
    const dollars = (metricsPerComponent: number) =>
      estimateCost(load({ eventsPerSecond: 1000, components: 100 }), { assumptions: { metricsPerComponent } })
        .dollarsPerMonth;
    expect(dollars(20)).toBeGreaterThan(dollars(10));
  });

  test('fails on a region without prices and names those there are', () => {
    expect(() => estimateCost(NOTHING, { region: 'mars-1' })).toThrow(UnknownRegionError);
    expect(() => priceListOf('mars-1')).toThrow(/mars-1; there are some for us-east-1/);
  });
});

test('every price is above nothing, dated and names its page', () => {
  for (const { recordedIn, prices } of PRICE_LISTS) {
    expect(recordedIn).toMatch(/^\d{4}-(0[1-9]|1[0-2])$/);
    for (const { dollars, unit, source } of Object.values(prices)) {
      expect(dollars).toBeGreaterThan(0);
      expect(unit).not.toBe('');
      expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z0-9/-]+\/pricing\/$/);
    }
  }
});

describe('explainOverBudget', () => {
  const estimate = estimateCost(NOTHING);

  test('says nothing when the estimate is within the budget', () => {
    expect(explainOverBudget(estimate, estimate.dollarsPerMonth)).toBeUndefined();
  });

  test('lists what costs most first', () => {
    const lines = explainOverBudget(estimate, 100)!.split('\n');
    expect(lines[0]).toMatch(
      /^The estimate of \$\d+\.\d\d a month is above the budget of \$100\.00\. Raise the budget/,
    );
    expect(lines[1]).toContain('Flink: KPUs, one of them for orchestration = 2 KPUs × 730 h × $0.11');
    expect(lines.length).toBeGreaterThan(5);
  });

  test('fails on a budget that is no number of dollars', () => {
    expect(() => explainOverBudget(estimate, Number.NaN)).toThrow('The budget is NaN');
  });
});
