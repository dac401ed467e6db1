/** A metric of a service. */
export interface FleetMetric {
  readonly metricName: string;
  readonly unit: string;
  /** Mean over a day. */
  readonly mean: number;
  /** How far the day's rhythm moves the mean, as a share of it, 0–1. */
  readonly swing: number;
  /** How far single values stray, as a share of the mean, 0–1. */
  readonly noise: number;
  /** Highest value; default none. */
  readonly limit?: number;
}

/** How a service hands over its metrics. */
export type Delivery = 'events' | 'windowed-csv' | 'windowed-json' | 'windowed-parquet' | 'event-csv';

/** A service of the made-up shop: what it sends, and what its logs look like. */
export interface FleetService {
  readonly name: string;
  readonly delivery: Delivery;
  readonly metrics: readonly FleetMetric[];
  /** Which of the four line shapes its access logs have. */
  readonly logShape: 1 | 2 | 3 | 4;
  /** Share of the fleet's calls that it gets, relative to the others. */
  readonly logWeight: number;
}

/** Who calls whom. */
export interface FleetCall {
  /** `undefined`: people. */
  readonly source?: string;
  readonly target: string;
  /** How often, relative to the target's other callers. */
  readonly weight: number;
  /** Share of the calls answered with status ≥ 500, 0–1. */
  readonly failingShare: number;
  /** First and last day, counted from 0, on which it happens; default all. */
  readonly fromDay?: number;
  readonly toDay?: number;
}

/** Some hours in which one pair fails and the called service is slow. */
export interface Incident {
  readonly source: string;
  readonly target: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly failingShare: number;
  readonly latencyFactor: number;
}

/** The services whose data is generated. */
export interface Fleet {
  readonly services: readonly FleetService[];
  readonly calls: readonly FleetCall[];
}

function usualMetrics(latencyMs: number, requests: number, cpu: number): readonly FleetMetric[] {
  return [
    { metricName: 'cpu-usage', unit: 'percent', mean: cpu, swing: 0.45, noise: 0.25, limit: 100 },
    { metricName: 'memory-usage', unit: 'percent', mean: 58, swing: 0.08, noise: 0.06, limit: 100 },
    { metricName: 'latency', unit: 'milliseconds', mean: latencyMs, swing: 0.3, noise: 0.35 },
    { metricName: 'requests', unit: 'count', mean: requests, swing: 0.7, noise: 0.15 },
  ];
}

/** A web shop: five modern services which send events, five legacy ones which deliver batches. */
export const SHOP_FLEET: Fleet = {
  services: [
    service('order-service', 'events', 2, 10, usualMetrics(120, 900, 42)),
    service('cart-service', 'events', 1, 8, usualMetrics(45, 1600, 31)),
    service('catalog-service', 'events', 2, 14, usualMetrics(60, 3200, 48)),
    service('search-service', 'events', 2, 9, usualMetrics(95, 2400, 55)),
    service('recommendation-service', 'events', 2, 5, usualMetrics(180, 800, 63)),
    service('payment-service', 'windowed-csv', 2, 9, usualMetrics(210, 600, 36)),
    service('user-service', 'windowed-csv', 4, 10, usualMetrics(35, 2100, 28)),
    service('inventory-service', 'windowed-csv', 2, 7, usualMetrics(75, 1100, 33)),
    service('shipping-service', 'windowed-json', 2, 4, usualMetrics(140, 300, 22)),
    service('billing-service', 'windowed-parquet', 3, 4, usualMetrics(260, 250, 25)),
    service('notification-service', 'event-csv', 2, 5, usualMetrics(80, 500, 18)),
  ],
  calls: [
    call('cart-service', 'order-service', 3, 0.004),
    call(undefined, 'order-service', 4, 0.004),
    call(undefined, 'cart-service', 5, 0.002),
    call('recommendation-service', 'cart-service', 1, 0.003),
    call('search-service', 'catalog-service', 4, 0.003),
    call('cart-service', 'catalog-service', 3, 0.002),
    call(undefined, 'catalog-service', 6, 0.002),
    call(undefined, 'search-service', 7, 0.006),
    call('catalog-service', 'search-service', 1, 0.006),
    call('catalog-service', 'recommendation-service', 4, 0.012),
    call('cart-service', 'recommendation-service', 1, 0.01),
    call('order-service', 'payment-service', 6, 0.008),
    call('payment-service', 'payment-service', 2, 0.002),
    call('order-service', 'user-service', 3, 0.001),
    call('cart-service', 'user-service', 3, 0.001),
    call('payment-service', 'user-service', 2, 0.001),
    call(undefined, 'user-service', 2, 0.001),
    { ...call('recommendation-service', 'user-service', 2, 0.02), fromDay: 2 },
    call('order-service', 'inventory-service', 4, 0.005),
    call('cart-service', 'inventory-service', 2, 0.005),
    { ...call('billing-service', 'inventory-service', 2, 0.05), toDay: 0 },
    call('order-service', 'shipping-service', 4, 0.009),
    call('payment-service', 'billing-service', 3, 0.004),
    call('shipping-service', 'billing-service', 1, 0.004),
    call('order-service', 'notification-service', 3, 0.015),
    call('shipping-service', 'notification-service', 2, 0.015),
    call('billing-service', 'notification-service', 1, 0.015),
  ],
};

function service(
  name: string,
  delivery: Delivery,
  logShape: FleetService['logShape'],
  logWeight: number,
  metrics: readonly FleetMetric[],
): FleetService {
  return { name, delivery, metrics, logShape, logWeight };
}

function call(source: string | undefined, target: string, weight: number, failingShare: number): FleetCall {
  return { ...(source === undefined ? {} : { source }), target, weight, failingShare };
}
