/**
 * What the proxy may do to a request.
 *
 * - `partial-failure`: forwards only some of the records, and answers 200 with the others as failed
 * - `throttle`, `server-error`: answers 400 `ProvisionedThroughputExceededException`, or 500, and forwards nothing
 * - `reset-before`, `reset-after`: cuts the connection before, or after, the server has accepted
 * - `truncated`: forwards, and cuts the answer in its middle
 * - `html`: answers 200 with a page, as a captive portal does, and forwards nothing
 * - `hang-before`, `hang-after`: never answers, without or after forwarding
 */
export const FAULTS = [
  'partial-failure',
  'throttle',
  'server-error',
  'reset-before',
  'reset-after',
  'truncated',
  'html',
  'hang-before',
  'hang-after',
] as const;

export type Fault = (typeof FAULTS)[number];
