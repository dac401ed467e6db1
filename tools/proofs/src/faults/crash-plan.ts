import { dirname, relative } from 'node:path';
import { createRandom } from '@pulselake/generators';
import { sampleOf } from './sample.js';
import { crashOnce, type Cut, type Rehearsal, survivalOf } from './crash-loop.js';
import type { SyncCall } from './forgetful-files.js';

/** A cut that can be tried again. */
export type PlannedCut = Cut & { readonly cutAtCall: number; readonly seed: number };

/**
 * The cuts at every call of a run and after the last one, or at some of them.
 *
 * @param atMost how many calls
 * @param outcomes of each: first nothing that was not synced survives, then a random part of it
 */
export function cutsToTry(calls: number, atMost: number, outcomes: number, seed: number): PlannedCut[] {
  const random = createRandom(seed);
  const points = Array.from({ length: calls + 1 }, (_, index) => index + 1);
  return sampleOf(points, atMost, random).flatMap((call) =>
    Array.from({ length: outcomes }, (_, outcome) => plan(call, outcome === 0 ? 0 : random.int(1, 1e9))),
  );
}

/**
 * Finds, for each place of a sync, or for some of them, a crash that ends wrong without it.
 *
 * @returns the places that were tried, and those without such a crash
 */
export async function unneededSyncs(
  rehearsal: Rehearsal,
  atMost: number,
  seed: number,
): Promise<{ tried: number; unneeded: string[] }> {
  const sites = new Map<string, number>();
  for (const call of rehearsal.syncs) {
    const site = siteOf(rehearsal, call);
    if (!sites.has(site)) sites.set(site, call.number);
  }
  const tried = sampleOf([...sites], atMost, createRandom(seed));
  const unneeded: string[] = [];
  for (const [site, first] of tried) {
    if (!(await isNeeded(rehearsal, site, first, seed))) unneeded.push(site);
  }
  return { tried: tried.length, unneeded };
}

/** Most is found by a cut near the end, some only when a certain part of what was not synced survives. */
async function isNeeded(rehearsal: Rehearsal, site: string, first: number, seed: number): Promise<boolean> {
  const skips = (call: SyncCall) => siteOf(rehearsal, call) === site;
  for (let round = 0; round < ROUNDS; round++) {
    for (let call = rehearsal.calls + 1; call > first; call--) {
      const planned = plan(call, round === 0 ? 0 : seed + round * 10_000 + call);
      if ((await crashOnce(rehearsal, { ...planned, skips })) !== undefined) return true;
    }
  }
  return false;
}

const ROUNDS = 8;

function plan(cutAtCall: number, seed: number): PlannedCut {
  return { cutAtCall, seed, survives: survivalOf(seed) };
}

/** The place in the protocol that a sync belongs to: what differs from run to run is left out. */
function siteOf({ root }: Rehearsal, { path, of, madeFolder }: SyncCall): string {
  if (madeFolder !== undefined) return `entry of the new folder ${place(root, madeFolder)}`;
  return `${of} of ${place(root, path)}`;
}

function place(root: string, path: string): string {
  const parts = relative(dirname(root), path).split('/');
  const masked = parts.map((part) =>
    part
      .replace(/\.[0-9a-f]{8}$/, '.*')
      .replace(/=.*/, '=*')
      .replace(/^[^=]*\d.*$/, '*'),
  );
  return masked.join('/');
}
