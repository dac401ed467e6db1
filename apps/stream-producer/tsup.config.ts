import { libraryBuild } from '../../tsup.base.js';

export default libraryBuild({ entry: ['src/index.ts', 'src/main.ts'] });
