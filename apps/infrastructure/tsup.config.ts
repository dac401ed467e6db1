import { libraryBuild } from '../../tsup.base.js';

export default libraryBuild({ entry: ['src/main.ts'], dts: false });
