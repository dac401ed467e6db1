import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Artifact, Artifacts } from '../src/artifacts.js';
import { buildApp } from '../src/build-app.js';
import { parseConfig } from '../src/config.js';

/**
 * Writes templates for the checks that are not Node's: a deployment as it comes, and one with everything that can be switched on.
 * No artifact has to be built for it, since templates hold keys only.
 */
const SHAPES = {
  plain: {},
  full: {
    alarmEmail: 'ops@example.com',
    grafana: { kind: 'workspace' },
    streams: { onDemand: true },
    flink: { schedule: { start: 'cron(0 6 ? * MON-FRI *)', stop: 'cron(0 20 ? * MON-FRI *)' } },
    lake: { removeWithStack: true },
  },
};

const artifact = (key: string): Artifact => ({ key, sha256: '0'.repeat(64) });
const ARTIFACTS: Artifacts = {
  windowAggregator: () => artifact('window-aggregator/window-aggregator.jar'),
  metricsEtl: () => ({
    script: artifact('metrics-etl/job.py'),
    wheel: artifact('metrics-etl/job.whl'),
    pythonModules: ['pyarrow==20.0.0'],
  }),
  trafficReport: () => ({
    entryPoint: artifact('traffic-report/main.py'),
    pyFiles: artifact('traffic-report/modules.zip'),
  }),
};

// `synth` runs CDK's own validator; these templates are for others.
process.env['CDK_VALIDATION'] = 'false';
const target = join(fileURLToPath(new URL('..', import.meta.url)), 'target', 'for-checks');
rmSync(target, { recursive: true, force: true });
for (const [name, shape] of Object.entries(SHAPES)) {
  const config = parseConfig({ environment: 'check', region: 'us-east-1', ...shape }, name);
  buildApp({ config, artifacts: ARTIFACTS, outdir: join(target, name) }).synth();
}
