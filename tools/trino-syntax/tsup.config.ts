import { libraryBuild } from '../../tsup.base.js';

export default libraryBuild({ entry: ['statements/main.ts'], dts: false });
