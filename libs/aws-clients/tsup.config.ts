import { libraryBuild } from '../../tsup.base.js';

export default libraryBuild({
  entry: [
    'src/index.ts',
    'src/artifacts/index.ts',
    'src/emr-serverless/index.ts',
    'src/glue/index.ts',
    'src/kinesis/index.ts',
    'src/managed-flink/index.ts',
  ],
});
