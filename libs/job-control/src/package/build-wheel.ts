import { createHash } from 'node:crypto';
import { contentDigest, shortDigest } from './content-digest.js';
import { reproducibleZip } from './reproducible-zip.js';
import type { SourceFile } from './source-files.js';

export interface WheelProject {
  /** As on an index of packages, for example `pulselake-metrics-etl`. */
  readonly name: string;
  /** Without a local part: `0.1.0`. */
  readonly version: string;
  readonly summary: string;
  /** For example `>=3.9`. */
  readonly requiresPython: string;
  readonly license: string;
}

export interface Wheel {
  /** As installers want it: they read name and version from it. */
  readonly file: string;
  /** With the digest of the sources as its local part, so that another content is another version to an installer. */
  readonly version: string;
  readonly body: Uint8Array;
}

/**
 * A wheel of pure Python. The same project and files give the same bytes. It names no dependencies: the service installs those
 * from the lock.
 *
 * @param files the modules, by their paths from the folder above the package
 * @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/
 */
export function buildWheel(project: WheelProject, files: readonly SourceFile[]): Wheel {
  const version = `${project.version}+${shortDigest(contentDigest(files))}`;
  const name = project.name.replaceAll('-', '_');
  const info = `${name}-${version}.dist-info`;
  const text = (path: string, lines: readonly string[]): SourceFile => ({
    path,
    bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')),
  });
  const all = [
    ...files,
    text(`${info}/METADATA`, [
      'Metadata-Version: 2.1',
      `Name: ${project.name}`,
      `Version: ${version}`,
      `Summary: ${project.summary}`,
      `License: ${project.license}`,
      `Requires-Python: ${project.requiresPython}`,
    ]),
    text(`${info}/WHEEL`, ['Wheel-Version: 1.0', 'Generator: pulselake', 'Root-Is-Purelib: true', 'Tag: py3-none-any']),
  ];
  const record = `${info}/RECORD`;
  // By the format the record is last, and says nothing of itself.
  const recorded = text(record, [...all.map(recordLine), `${record},,`]);
  return { file: `${name}-${version}-py3-none-any.whl`, version, body: reproducibleZip([...all, recorded]) };
}

function recordLine({ path, bytes }: SourceFile): string {
  const quoted = /[",\r\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
  return `${quoted},sha256=${createHash('sha256').update(bytes).digest('base64url')},${bytes.byteLength}`;
}
