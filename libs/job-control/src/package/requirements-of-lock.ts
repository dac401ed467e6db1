import { JobFailure } from '../errors.js';

/** The Python that a service runs. */
export interface TargetPython {
  /** `3.9`. */
  readonly version: string;
  /** `linux`. */
  readonly platform: string;
}

/**
 * The packages of a lock, as a service is told them: `name==version`, in the lock's order, those only that the target needs.
 * Hashes are left out, since a service takes none. Pure.
 *
 * @throws JobFailure when a line is no pinned package, or has a condition that is not understood
 */
export function requirementsOfLock(lock: string, target: TargetPython): string[] {
  return lock
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/(^|\s)#.*$/, '')
        .replaceAll(/\s--hash=\S+/g, '')
        .trim(),
    )
    .filter((line) => line !== '')
    .flatMap((line) => {
      const [, name, version, marker] = /^([A-Za-z0-9._-]+)==([^\s;]+)\s*(?:;\s*(.+))?$/.exec(line) ?? [];
      if (name === undefined || version === undefined) {
        throw new JobFailure(`The lock has a line that is no pinned package: ${line}`);
      }
      return marker === undefined || holds(marker, target) ? [`${name}==${version}`] : [];
    });
}

/** Comparisons joined by `and` and `or`: what lockers write for versions of Python and systems. */
function holds(marker: string, target: TargetPython): boolean {
  return marker
    .split(/\s+or\s+/)
    .some((part) => part.split(/\s+and\s+/).every((term) => comparisonHolds(term, target)));
}

function comparisonHolds(term: string, { version, platform }: TargetPython): boolean {
  const [, left, operator = '', right = ''] =
    /^\(?\s*(python_version|python_full_version|sys_platform|platform_system)\s*(==|!=|<=|>=|<|>)\s*['"]([^'"]+)['"]\s*\)?$/.exec(
      term.trim(),
    ) ?? [];
  if (left === undefined) throw new JobFailure(`The lock has a condition that is not understood: ${term.trim()}`);
  const order = left.startsWith('python') ? compareVersions(version, right) : Number(!sameSystem(platform, right));
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    default:
      return order >= 0;
  }
}

function compareVersions(one: string, other: string): number {
  const [ours, theirs] = [one, other].map((text) => text.replace(/\.\*$/, '').split('.').map(Number)) as [
    number[],
    number[],
  ];
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    const difference = (ours[i] ?? 0) - (theirs[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `platform_system` says `Linux` where `sys_platform` says `linux`. */
function sameSystem(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
