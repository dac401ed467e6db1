import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MissingArtifactError } from '../src/artifacts.js';
import { readArtifacts } from '../src/read-artifacts.js';

let apps: string;
beforeEach(() => {
  apps = mkdtempSync(join(tmpdir(), 'pulselake-apps-'));
});
afterEach(() => rmSync(apps, { recursive: true }));

function write(path: string, content: string) {
  mkdirSync(dirname(join(apps, path)), { recursive: true });
  writeFileSync(join(apps, path), content);
}

const SHA = 'ab'.repeat(32);
const manifest = (app: string, roles: Record<string, string>, more = {}) =>
  JSON.stringify({
    app,
    artifacts: Object.entries(roles).map(([role, file]) => ({ role, file, sha256: SHA, sizeBytes: 1 })),
    ...more,
  });

describe('artifacts', () => {
  it('have keys with their digests inside, as the commands of the apps upload them', () => {
    write('window-aggregator/target/window-aggregator.jar', 'jar');
    write(
      'metrics-etl/dist/package/manifest.json',
      manifest(
        'metrics-etl',
        { script: 'job-1.py', wheel: 'x-1.whl' },
        { additionalPythonModules: ['pyarrow==20.0.0'] },
      ),
    );
    write(
      'traffic-report/dist/package/manifest.json',
      manifest('traffic-report', { 'entry-point': 'main-1.py', 'py-files': 'x-1.zip' }),
    );
    const artifacts = readArtifacts(apps);
    const digest = createHash('sha256').update('jar').digest('hex');
    expect(artifacts.windowAggregator()).toEqual({
      key: `window-aggregator/window-aggregator-${digest}.jar`,
      sha256: digest,
    });
    expect(artifacts.metricsEtl()).toEqual({
      script: { key: 'metrics-etl/job-1.py', sha256: SHA },
      wheel: { key: 'metrics-etl/x-1.whl', sha256: SHA },
      pythonModules: ['pyarrow==20.0.0'],
    });
    expect(artifacts.trafficReport()).toEqual({
      entryPoint: { key: 'traffic-report/main-1.py', sha256: SHA },
      pyFiles: { key: 'traffic-report/x-1.zip', sha256: SHA },
    });
  });

  it.each([
    ['the jar', 'windowAggregator', 'npx nx run @pulselake/window-aggregator:build-java'],
    ['the package of the batches', 'metricsEtl', 'npx nx run @pulselake/metrics-etl:package'],
    ['the package of the report', 'trafficReport', 'npx nx run @pulselake/traffic-report:package'],
  ] as const)('fail, when %s is missing, with the target that makes it', (_, what, target) => {
    expect(() => readArtifacts(apps)[what]()).toThrow(MissingArtifactError);
    expect(() => readArtifacts(apps)[what]()).toThrow(`cannot be read (ENOENT). Make it: ${target}`);
  });

  it('fail when a manifest is half written, or lacks a file', () => {
    write('metrics-etl/dist/package/manifest.json', '{"app":"metrics-');
    expect(() => readArtifacts(apps).metricsEtl()).toThrow(/is no manifest of a package\. Make it anew/);
    write('metrics-etl/dist/package/manifest.json', manifest('metrics-etl', { script: 'job-1.py' }));
    expect(() => readArtifacts(apps).metricsEtl()).toThrow(
      'The package of metrics-etl has no wheel; it has script. Make it anew',
    );
  });
});
