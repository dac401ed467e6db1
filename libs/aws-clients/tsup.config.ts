import { libraryBuild } from '../../tsup.base.js';

export default libraryBuild({ entry: ['src/index.ts', 'src/kinesis/index.ts', 'src/managed-flink/index.ts'] });
