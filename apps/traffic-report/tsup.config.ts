import { libraryBuild } from '../../tsup.base.js';

export default libraryBuild({
  entry: ['control/index.ts', 'control/main.ts'],
  // `package` writes there.
  clean: ['!package/**'],
});
