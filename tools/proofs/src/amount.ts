import { env, stdout } from 'node:process';

/** Whether the whole of each proof is asked for, `PULSELAKE_PROOF=full`, not the little of every test run. */
export const IS_FULL = env['PULSELAKE_PROOF'] === 'full';

/** What the randomness of all proofs comes from: `PULSELAKE_SEED`, else another one each time. */
export const SEED = Number(env['PULSELAKE_SEED'] ?? Date.now() % 1_000_000);

/** How much of a proof is done. */
export function amountOf({ full, small }: { readonly full: number; readonly small: number }): number {
  return IS_FULL ? full : small;
}

/** Prints the figures of a proof. */
export function report(proof: string, figures: Readonly<Record<string, number | string>>): void {
  const cells = Object.entries(figures).map(
    ([name, figure]) => `${name} ${typeof figure === 'number' ? figure.toLocaleString('en-US') : figure}`,
  );
  stdout.write(`${proof} (seed ${SEED}): ${cells.join(', ')}\n`);
}
