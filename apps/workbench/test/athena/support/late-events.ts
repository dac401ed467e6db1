import { event } from '../../cli/support/records.js';

const at = (time: string, value: number) => event(`2024-03-02T${time}Z`, value, { componentName: 'tardy' });

/**
 * Events of `tardy` as a stream: the window from 10:00 is written with 1 to 3, corrected to 1 to 7, and let go before an event
 * of 10:02 comes.
 */
export const LATE_EVENTS = [
  at('10:00:00', 1),
  at('10:04:00', 3),
  at('10:06:00', 4),
  at('10:01:00', 7),
  at('10:40:00', 5),
  at('10:02:00', 9),
]
  .map((line) => `${line}\n`)
  .join('');
