import { COMMAND_BUNDLE } from '../../tools/command-bundle.mjs';
import { libraryBuild } from '../../tsup.base.js';

export default libraryBuild({
  entry: ['src/main.ts'],
  dts: false,
  noExternal: [/./],
  esbuildOptions: (options) => Object.assign(options, COMMAND_BUNDLE),
});
