import { type ContractSummary, findIncompatibilities } from '@pulselake/data-model';

/** A release that is about to be made. */
export interface PlannedRelease {
  /** The contract of the last release. */
  readonly released: ContractSummary;
  /** The contract as it is now. */
  readonly current: ContractSummary;
  /** The last release's version, `major.minor.patch`. */
  readonly from: string;
  /** The new version. */
  readonly to: string;
}

/**
 * Why `release` must not be made: the data model's contract breaks those who rely on the last one, and the version does
 * not say so. Before 1.0.0 the minor number is what a caret range holds, and so does the duty of the major one. Pure.
 *
 * @returns one sentence each; empty when the release may be made
 */
export function findReleaseFaults(release: PlannedRelease): string[] {
  if (saysBreaking(release.from, release.to)) return [];
  return findIncompatibilities(release.released, release.current).map(
    (incompatibility) =>
      `${incompatibility}: incompatible with ${release.from}, and ${release.to} does not say so. ` +
      'Take the change back, or release a new major version (before 1.0.0: minor).',
  );
}

function saysBreaking(from: string, to: string): boolean {
  const [fromMajor, fromMinor] = numbers(from);
  const [toMajor, toMinor] = numbers(to);
  return toMajor > fromMajor || (toMajor === 0 && fromMajor === 0 && toMinor > fromMinor);
}

function numbers(version: string): [major: number, minor: number] {
  const match = /^(\d+)\.(\d+)\.\d+(?:-[\w.]+)?$/u.exec(version);
  if (!match) throw new Error(`The version is "${version}"; it must be like 1.2.3 or 1.2.3-beta.1.`);
  return [Number(match[1]), Number(match[2])];
}
