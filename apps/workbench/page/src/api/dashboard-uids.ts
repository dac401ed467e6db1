/** The dashboards behind the views. */
export const UIDS = { metrics: 'pulselake-metrics', traffic: 'pulselake-traffic', health: 'pulselake-health' } as const;
