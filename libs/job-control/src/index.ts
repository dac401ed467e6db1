export { JobFailure, StoppedError, UsageError, WaitEndedError } from './errors.js';
export {
  address,
  type AwsFlags,
  bucketName,
  clientToken,
  day,
  keyText,
  type OutputFlags,
  s3Uri,
  wholeNumber,
  withAwsFlags,
  withOutputFlags,
} from './flags.js';
export type { JobIo } from './job-io.js';
export { jobProgram, runProgram } from './job-program.js';
export { Output } from './output.js';
export { buildWheel, type Wheel, type WheelProject } from './package/build-wheel.js';
export { contentDigest, sha256Hex, shortDigest } from './package/content-digest.js';
export { type Artifact, artifact, artifactOf, type JobPackage, manifestOf } from './package/job-package.js';
export { keyOf } from './package/key-of.js';
export { addPackageCommand, type Pack } from './package/package-command.js';
export { reproducibleZip } from './package/reproducible-zip.js';
export { requirementsOfLock, type TargetPython } from './package/requirements-of-lock.js';
export { s3Access } from './package/s3-access.js';
export { type SourceFile, sourceFile, sourceFiles } from './package/source-files.js';
export { addUploadCommand } from './package/upload-command.js';
export { PACKAGE_FOLDER, writePackage } from './package/write-package.js';
export { printableLines } from './printable-lines.js';
export { type BatchJob, type BatchRun, hasEnded, type RunPhase } from './run/batch-run.js';
export { followRun, type FollowOptions, startRun } from './run/follow-run.js';
export { type RunFlags, runTimeoutSeconds, withRunFlags } from './run/run-flags.js';
export { runDocument, runLine } from './run/run-lines.js';
export { runJob, type RunJobOptions } from './run/run-job.js';
export { type ProcessOptions, runInProcess } from './run-in-process.js';
export { type ServiceAccess, type ServiceEnvironment, type SessionOptions, withService } from './service-session.js';
