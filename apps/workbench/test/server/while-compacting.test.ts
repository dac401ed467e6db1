import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Endpoint } from '../athena/support/endpoint.js';
import { HEADER, row } from '../cli/support/records.js';
import { makeFolder, SmallLake } from '../cli/support/small-lake.js';
import { whileServing } from '../cli/support/while-serving.js';

/** A window each; those of an odd number come a second time, corrected. */
const FILES = 4;
const ROUNDS = 4;

let folder: string;
let lake: SmallLake;
beforeAll(async () => {
  folder = await makeFolder();
  lake = new SmallLake(join(folder, 'lake'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Small files of one day for `compact` to merge: the same windows in every round, delivered anew. */
async function deliver(round: number): Promise<void> {
  for (let index = 0; index < FILES; index++) {
    const path = join(folder, `r${round}-${index}.csv`);
    // The unknown column makes it another input, whose rows are the same.
    await writeFile(path, `${HEADER},note\n${row({ component: `c${index}` })},${round}\n`);
    const { exitCode, stderr } = await lake.ingest(['metrics', path]);
    if (exitCode !== 0) throw new Error(stderr);
  }
}

test('panels and the Athena endpoint give the same rows while files are merged again and again', async () => {
  await deliver(0);
  const athena = await Endpoint.serve(lake.root);
  await whileServing(
    lake,
    ['serve', '--no-watch'],
    async (url) => {
      const panel = `${url}/api/dashboards/pulselake-metrics/panels/summary?from=2024-05-31T00:00:00Z&to=2024-05-31T23:59:59Z`;
      const ofPanel = async () => {
        const response = await fetch(panel);
        const body = (await response.json()) as { error?: string; queries: { rows: unknown[] }[] };
        return body.error ?? body.queries[0]!.rows;
      };
      const ofAthena = () =>
        athena.texts(
          `SELECT component_name, min_value, max_value FROM windowed_metrics_current WHERE dt = '2024-05-31' ORDER BY 1`,
        );
      const [panelRows, athenaRows] = [await ofPanel(), await ofAthena()];
      expect([panelRows.length, athenaRows.length]).toEqual([FILES, FILES + 1]);
      let isCompacting = true;
      let merged = 0;
      let asked = 0;
      const ask = async (answer: () => Promise<unknown>, expected: unknown) => {
        while (isCompacting) {
          expect(await answer()).toEqual(expected);
          asked += 1;
        }
      };
      const compact = async () => {
        for (let round = 1; round <= ROUNDS; round++) {
          const before = await lake.keys('windowed_metrics');
          const { exitCode, stderr } = await lake.run(['compact']);
          if (exitCode !== 0) throw new Error(stderr);
          if ((await lake.keys('windowed_metrics')).length < before.length) merged += 1;
          await deliver(round);
        }
        isCompacting = false;
      };
      await Promise.all([compact(), ask(ofPanel, panelRows), ask(ofPanel, panelRows), ask(ofAthena, athenaRows)]);
      expect(merged).toBe(ROUNDS);
      expect(asked).toBeGreaterThan(3 * ROUNDS);
    },
    { clock: Date.now },
  );
  expect(athena.faults).toEqual([]);
  await athena.close();
}, 120_000);
