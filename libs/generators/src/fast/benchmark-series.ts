/** A series of the fast generators. */
export interface BenchmarkSeries {
  readonly componentName: string;
  readonly metricName: string;
  readonly unit: string;
  /** Values lie in [base, 2 × base) thousandths. */
  readonly baseThousandths: number;
}

const METRICS = [
  { metricName: 'cpu-usage', unit: 'percent', baseThousandths: 40_000 },
  { metricName: 'memory-usage', unit: 'percent', baseThousandths: 45_000 },
  { metricName: 'latency', unit: 'milliseconds', baseThousandths: 120_000 },
  { metricName: 'requests', unit: 'count', baseThousandths: 900_000 },
];

/** Four metrics for each of `components` components, `service-0` and on. */
export function benchmarkSeries(components: number): readonly BenchmarkSeries[] {
  return Array.from({ length: components }, (_, index) =>
    METRICS.map((metric) => ({ componentName: `service-${index}`, ...metric })),
  ).flat();
}
