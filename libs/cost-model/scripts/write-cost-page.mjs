// Writes docs/reference/cost.md from the code that `pulselake cost` runs.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { costPage } from '../dist/index.js';

const path = fileURLToPath(new URL('../../../docs/reference/cost.md', import.meta.url));
await writeFile(path, await format(costPage(), { ...(await resolveConfig(path)), filepath: path }));
