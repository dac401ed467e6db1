/** What `ingest` takes. */
export type Kind = 'metrics' | 'events' | 'logs';

export const KINDS: readonly Kind[] = ['metrics', 'events', 'logs'];

export const HEADER = 'componentName,fromTimestamp,maxValue,metricName,minValue,toTimestamp,unit';

/** A file name of each kind. */
export const FILE_NAMES: Readonly<Record<Kind, string>> = {
  metrics: 'cart-service.csv',
  events: 'events.ndjson',
  logs: 'order-service-2024-05-31.txt',
};

/** A row of windowed metrics as CSV: a window of five minutes on 31 May 2024. */
export function row({ component = 'cart', from = '10:00', to = '10:05', min = '1.0', max = '2.0' } = {}): string {
  return `${component},2024-05-31T${from}:00Z,${max},cpu,${min},2024-05-31T${to}:00Z,percent`;
}

/** A metric event as JSON; `at` is a time of 31 May 2024 or an instant. */
export function event(at: string, value: number | string = 1, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    metricName: 'cpu',
    componentName: 'cart',
    publicationTimestamp: at.includes('T') ? at : `2024-05-31T${at}Z`,
    value,
    unit: 'percent',
    ...more,
  });
}

/** A line of an access log: a call of one service by another. */
export function call({
  source = 'cart-service',
  at = '2024-05-31T10:00:00Z',
  status = 200,
  path = '/api',
} = {}): string {
  return `<masked>  - ${source} "POST ${path}" ${status} [${at}] "Apache HTTP Client"`;
}

/** A line of an access log: a call by a person. */
export function visit({ user = 'alice', at = '2024-05-31T10:00:00Z', agent = 'Firefox' } = {}): string {
  return `192.168.17.17  - ${user} "POST /api" 200 [${at}] "${agent}"`;
}

/** A good file of each kind with two records. */
export const GOOD: Readonly<Record<Kind, string>> = {
  metrics: `${HEADER}\n${row()}\n${row({ from: '10:05', to: '10:10' })}\n`,
  events: `${event('10:00:00')}\n${event('10:06:00')}\n`,
  logs: `${call()}\n${call({ source: 'search-service' })}\n`,
};
