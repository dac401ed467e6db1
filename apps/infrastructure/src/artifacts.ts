import { z } from 'zod';

/** A file that a service takes from the bucket of artifacts. */
export interface Artifact {
  /** Its key, with a digest inside: another content is another key. */
  readonly key: string;
  /** Of its bytes, in hex. */
  readonly sha256: string;
}

/** What the stacks run. The deployment has uploaded it before; a template holds keys only. */
export interface Artifacts {
  /** The jar of the window aggregator. */
  windowAggregator(): Artifact;
  metricsEtl(): { readonly script: Artifact; readonly wheel: Artifact; readonly pythonModules: readonly string[] };
  trafficReport(): { readonly entryPoint: Artifact; readonly pyFiles: Artifact };
}

/** Below this, each app has a folder in the bucket of artifacts. */
export const ARTIFACT_PREFIXES = {
  windowAggregator: 'window-aggregator/',
  metricsEtl: 'metrics-etl/',
  trafficReport: 'traffic-report/',
} as const;

/** What `package` of an app writes: the files of a service, by role. */
export const packageManifestSchema = z.object({
  app: z.string(),
  artifacts: z.array(
    z.object({ role: z.string(), file: z.string().regex(/^[^/]+$/), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
  additionalPythonModules: z.array(z.string()).default([]),
});

export type PackageManifest = z.infer<typeof packageManifestSchema>;

/** An artifact is missing or not what was expected; the message says which target makes it. */
export class MissingArtifactError extends Error {
  override readonly name = 'MissingArtifactError';
}

/**
 * The file of a role, with its key in the bucket. Pure.
 *
 * @throws MissingArtifactError when the manifest has none
 */
export function artifactOfRole(manifest: PackageManifest, role: string, prefix: string): Artifact {
  const found = manifest.artifacts.find((one) => one.role === role);
  if (!found) {
    throw new MissingArtifactError(
      `The package of ${manifest.app} has no ${role}; it has ${manifest.artifacts.map((one) => one.role).join(', ') || 'nothing'}. Make it anew: npx nx run @pulselake/${manifest.app}:package`,
    );
  }
  return { key: `${prefix}${found.file}`, sha256: found.sha256 };
}
