import { join } from 'node:path';
import {
  artifact,
  contentDigest,
  type JobPackage,
  reproducibleZip,
  sha256Hex,
  shortDigest,
  sourceFile,
  sourceFiles,
} from '@pulselake/job-control';

/**
 * What EMR Serverless is given: the script, and the package beside it as a ZIP file of modules. Spark is the service's own.
 *
 * @param home the project's folder, with `main.py` and `traffic_report`
 */
export async function packTraffic(home: string): Promise<JobPackage> {
  const script = await sourceFile(join(home, 'main.py'), 'main.py');
  const modules = await sourceFiles(join(home, 'traffic_report'), 'traffic_report');
  return {
    app: 'traffic-report',
    artifacts: [
      artifact('entry-point', `traffic-report-main-${shortDigest(sha256Hex(script.bytes))}.py`, script.bytes),
      artifact('py-files', `traffic_report-${shortDigest(contentDigest(modules))}.zip`, reproducibleZip(modules)),
    ],
  };
}
