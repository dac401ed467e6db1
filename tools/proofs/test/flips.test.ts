import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@pulselake/generators';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { amountOf, report, SEED } from '../src/amount.js';
import type { Kind } from '../src/faults/small-inputs.js';
import { GzipFlips, gzipForms } from '../src/flips/flip-gzip.js';
import { byCommand, filesByKind, flipOnce, inProcess } from '../src/flips/flip-lake.js';
import { makeFullLake } from '../src/flips/make-lake.js';

const FLIPS = amountOf({ full: 1_200, small: 48 });
/** Per kind of input. */
const GZIP_FLIPS = amountOf({ full: 240, small: 12 });
/** Every so many flips are looked for by the command. */
const BY_COMMAND = 12;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pulselake-flips-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a flipped bit', () => {
  test('in any file of a lake is found, and the file is named', async () => {
    const root = join(folder, 'lake');
    await makeFullLake(root, join(folder, 'inputs'));
    expect(await inProcess(root)).toBe('');
    const kinds = filesByKind(root);
    const random = createRandom(SEED).fork('flips');
    const hits = Object.fromEntries([...kinds.keys()].map((kind) => [kind, 0]));
    const missed: string[] = [];
    for (let flips = 0; flips < FLIPS; flips++) {
      const kind = [...kinds.keys()][flips % kinds.size]!;
      const key = random.pick(kinds.get(kind)!);
      const fault = await flipOnce(root, key, random, flips % BY_COMMAND === 0 ? byCommand : inProcess);
      if (fault !== undefined) missed.push(fault);
      hits[kind]!++;
    }
    report('flips in a lake', { flips: FLIPS, found: FLIPS - missed.length, ...hits });
    expect(missed).toEqual([]);
    expect(Object.keys(hits).sort()).toEqual(
      [
        'lake.json',
        'pipeline_runs',
        'rejected',
        'traffic_counts',
        'traffic_reports',
        'traffic_reports_enriched',
        'windowed_metrics',
      ].sort(),
    );
    expect(await inProcess(root)).toBe('');
  }, 3_600_000);

  test.each<Kind>(['metrics', 'events', 'logs'])(
    'in a gzip file of %s gets it rejected by its name, or changes no row',
    async (kind) => {
      const flips = new GzipFlips(folder);
      const random = createRandom(SEED).fork(`gzip ${kind}`);
      const forms = gzipForms(kind);
      const contents = [];
      for (const form of forms) contents.push(await flips.contentOf(kind, form));
      expect(new Set(contents).size).toBe(1);
      const outcomes = { rejected: 0, unchanged: 0 };
      for (let done = 0; done < GZIP_FLIPS; done++) {
        const form = forms[done % forms.length]!;
        outcomes[await flips.flip(kind, form, contents[0]!, random)]++;
      }
      report(`flips in gzip files of ${kind}`, { flips: GZIP_FLIPS, ...outcomes });
      expect(outcomes.rejected).toBeGreaterThan(0);
    },
    3_600_000,
  );
});
