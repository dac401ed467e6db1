import type { StackKind } from './names.js';

/** Which stacks an app's targets touch, and no others. An app that is not here has none. */
export const STACKS_OF_APPS: Readonly<Record<string, readonly StackKind[]>> = {
  infrastructure: ['lake', 'operations'],
  'window-aggregator': ['stream'],
  'metrics-etl': ['metrics-etl'],
  'traffic-report': ['traffic-report'],
  grafana: ['grafana'],
};
