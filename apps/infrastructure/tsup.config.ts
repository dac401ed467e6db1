import { libraryBuild } from '../../tsup.base.js';

export default libraryBuild({
  entry: { main: 'src/main.ts', 'templates-for-checks': 'scripts/templates-for-checks.ts' },
  dts: false,
});
