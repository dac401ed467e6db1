import { setTimeout as sleep } from 'node:timers/promises';
import { pulselakeJson } from './run-program.js';

interface Delivery {
  readonly delivered: number;
  readonly rejected: number;
  readonly waiting: readonly unknown[];
}

/**
 * Delivers, again and again: each time a command of its own, which goes on where the last one ended.
 *
 * @param windows ends when so many have been delivered in all; what the job has counted is on its way for a second or two
 */
export async function deliverUntil(
  windows: number,
  to: { readonly lake: string; readonly endpoint: string },
): Promise<number> {
  let total = 0;
  for (let attempt = 0; attempt < 30; attempt++) {
    const { delivered, rejected, waiting } = await deliverOnce(to);
    if (rejected > 0) throw new Error(`${rejected} windows were rejected.`);
    total += delivered;
    if (total >= windows && waiting.length === 0) break;
    await sleep(500);
  }
  return total;
}

export function deliverOnce({
  lake,
  endpoint,
}: {
  readonly lake: string;
  readonly endpoint: string;
}): Promise<Delivery> {
  return pulselakeJson<Delivery>([
    ...['deliver', '--kinesis', 'windowed-metrics', '--until-caught-up'],
    ...['--endpoint', endpoint, '--lake', lake],
  ]);
}
