import { sha256Hex } from './content-digest.js';

/** One file that a service is given. */
export interface Artifact {
  /** What it is to the service: for example `script`, `wheel`, `py-files`. */
  readonly role: string;
  /** Its name in the bucket, with a digest inside; no folder. */
  readonly file: string;
  /** Of its bytes, in hex. */
  readonly sha256: string;
  readonly body: Uint8Array;
}

/** All that a service is given for a job. */
export interface JobPackage {
  /** The app's name. */
  readonly app: string;
  readonly artifacts: readonly Artifact[];
  /** What the service has to be told besides. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export function artifact(role: string, file: string, body: Uint8Array): Artifact {
  return { role, file, sha256: sha256Hex(body), body };
}

/** The file of a role. */
export function artifactOf({ app, artifacts }: JobPackage, role: string): Artifact {
  const found = artifacts.find((one) => one.role === role);
  if (!found) throw new Error(`The package of ${app} has no ${role}: this is a bug in pulselake.`);
  return found;
}

/** What a deployment reads: `manifest.json` beside the files. Pure. */
export function manifestOf({ app, artifacts, settings = {} }: JobPackage) {
  return {
    app,
    artifacts: artifacts.map(({ role, file, sha256, body }) => ({ role, file, sha256, sizeBytes: body.byteLength })),
    ...settings,
  };
}
