import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ARTIFACT_PREFIXES,
  artifactOfRole,
  type Artifacts,
  MissingArtifactError,
  type PackageManifest,
  packageManifestSchema,
} from './artifacts.js';

/**
 * Artifacts as the projects have built them. Each is read when a stack asks for it, so a stack that is not made needs none.
 *
 * @param apps the folder that holds the projects
 * @throws MissingArtifactError (when asked) when a project has not been built
 */
export function readArtifacts(apps: string): Artifacts {
  return {
    windowAggregator() {
      const path = join(apps, 'window-aggregator', 'target', 'window-aggregator.jar');
      const jar = read(path, 'npx nx run @pulselake/window-aggregator:build-java');
      const sha256 = createHash('sha256').update(jar).digest('hex');
      return { key: `${ARTIFACT_PREFIXES.windowAggregator}window-aggregator-${sha256}.jar`, sha256 };
    },
    metricsEtl() {
      const manifest = readManifest(apps, 'metrics-etl');
      return {
        script: artifactOfRole(manifest, 'script', ARTIFACT_PREFIXES.metricsEtl),
        wheel: artifactOfRole(manifest, 'wheel', ARTIFACT_PREFIXES.metricsEtl),
        pythonModules: manifest.additionalPythonModules,
      };
    },
    trafficReport() {
      const manifest = readManifest(apps, 'traffic-report');
      return {
        entryPoint: artifactOfRole(manifest, 'entry-point', ARTIFACT_PREFIXES.trafficReport),
        pyFiles: artifactOfRole(manifest, 'py-files', ARTIFACT_PREFIXES.trafficReport),
      };
    },
  };
}

function readManifest(apps: string, app: string): PackageManifest {
  const path = join(apps, app, 'dist', 'package', 'manifest.json');
  const target = `npx nx run @pulselake/${app}:package`;
  const text = read(path, target).toString('utf8');
  try {
    return packageManifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new MissingArtifactError(`${path} is no manifest of a package. Make it anew: ${target}`, { cause });
  }
}

function read(path: string, target: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new MissingArtifactError(
      `${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}). Make it: ${target}`,
      {
        cause,
      },
    );
  }
}
