import { join } from 'node:path';
import {
  artifact,
  buildWheel,
  type JobPackage,
  requirementsOfLock,
  sha256Hex,
  shortDigest,
  sourceFile,
  sourceFiles,
} from '@pulselake/job-control';

/** What a Glue Python shell job runs on. @see https://docs.aws.amazon.com/glue/latest/dg/add-job-python.html */
const GLUE_PYTHON = { version: '3.9', platform: 'linux' };

/**
 * What Glue is given: the script, the package beside it as a wheel, and the names of the modules that it installs from the index.
 *
 * @param home the project's folder, with `job.py`, `metrics_etl` and `requirements.lock`
 */
export async function packEtl(home: string): Promise<JobPackage> {
  const { version } = JSON.parse(await textOf(join(home, 'package.json'))) as { version: string };
  const script = await sourceFile(join(home, 'job.py'), 'job.py');
  const wheel = buildWheel(
    {
      name: 'pulselake-metrics-etl',
      version,
      summary: "Pulselake's batches of metrics, from CSV to Parquet.",
      requiresPython: '>=3.9',
      license: 'Apache-2.0',
    },
    await sourceFiles(join(home, 'metrics_etl'), 'metrics_etl'),
  );
  return {
    app: 'metrics-etl',
    artifacts: [
      artifact('script', `metrics-etl-job-${shortDigest(sha256Hex(script.bytes))}.py`, script.bytes),
      artifact('wheel', wheel.file, wheel.body),
    ],
    settings: {
      pythonVersion: GLUE_PYTHON.version,
      additionalPythonModules: requirementsOfLock(await textOf(join(home, 'requirements.lock')), GLUE_PYTHON),
    },
  };
}

async function textOf(file: string): Promise<string> {
  return Buffer.from((await sourceFile(file, file)).bytes).toString('utf8');
}
