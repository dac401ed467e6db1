export { FakeArtifactStore } from './fake-artifact-store.js';
export { FakeGlueJobs } from './fake-glue-jobs.js';
export { FakeIo, type FakeIoOptions } from './fake-io.js';
export { FakeSparkJobs } from './fake-spark-jobs.js';
export { Faults } from './faults.js';
export { quotedFlags, type ReadmeExample, readmeExamples, section } from './readme-examples.js';
