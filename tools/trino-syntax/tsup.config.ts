import { libraryBuild } from '../../tsup.base.js';

export default libraryBuild({
  entry: ['statements/main.ts'],
  dts: false,
  // An app of whose sources one file is needed.
  noExternal: ['@pulselake/infrastructure'],
  esbuildOptions: (options) => {
    options.conditions = ['@pulselake/source'];
  },
});
