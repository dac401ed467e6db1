import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { blocksOf, pages, ROOT } from './pages.js';
import { shellCommands } from './shell-commands.js';

/** A change that a guide describes, as a patch to the sources with which the guide's commands pass. */
export interface Walk {
  /** The patch, from the repository, `/`-separated. */
  readonly patch: string;
  /** Paths of the pages that lead to it: one. */
  readonly guides: readonly string[];
  /** The commands of those pages, in their order. */
  readonly commands: readonly (readonly string[])[];
}

const PATCHES = 'docs/guides/patches';

/** All of them, by their patches. */
export function walks(): Walk[] {
  const all = pages();
  return readdirSync(join(ROOT, PATCHES))
    .sort()
    .map((name) => {
      const guides = all.filter(({ text }) => text.includes(`(patches/${basename(name)})`));
      return {
        patch: `${PATCHES}/${name}`,
        guides: guides.map(({ path }) => path),
        commands: guides
          .flatMap(blocksOf)
          .filter(({ language }) => language === 'sh')
          .flatMap(shellCommands)
          .map(({ words }) => words),
      };
    });
}
