/**
 * Writes `contract/` from the definitions in `src/`; `npm run contract:write` builds them first.
 * With `--release` it also makes the current contract the one that later changes are held against.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { renderContract } from '../dist/index.js';

const folder = join(import.meta.dirname, '../contract');
const contract = renderContract();
await rm(join(folder, 'json-schemas'), { recursive: true, force: true });
for (const [path, text] of contract) {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}
if (process.argv.includes('--release')) {
  await mkdir(join(folder, 'released'), { recursive: true });
  await writeFile(join(folder, 'released/contract.json'), contract.get('contract.json'));
}
