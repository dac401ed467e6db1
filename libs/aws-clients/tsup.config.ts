import { libraryBuild } from '../../tsup.base.js';

export default libraryBuild({
  entry: [
    'src/index.ts',
    'src/account/index.ts',
    'src/artifacts/index.ts',
    'src/deployment/index.ts',
    'src/emr-serverless/index.ts',
    'src/glue/index.ts',
    'src/kinesis/index.ts',
    'src/managed-flink/index.ts',
    'src/objects/index.ts',
    'src/stacks/index.ts',
  ],
});
