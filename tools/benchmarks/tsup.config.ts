import { COMMAND_BUNDLE } from '../../tools/command-bundle.mjs';
import { libraryBuild } from '../../tsup.base.js';

/** Bundled as the command is: a baseline has no more to load than what it is measured against. */
export default libraryBuild({
  entry: ['src/main.ts', 'src/contestants/run.ts'],
  dts: false,
  noExternal: [/^(?!pulselake$)/],
  esbuildOptions: (options) =>
    Object.assign(options, COMMAND_BUNDLE, { external: [...(COMMAND_BUNDLE.external ?? []), 'pulselake'] }),
});
