/** One entry of package-lock.json; `dev` marks what is needed for development only. */
export interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** Licences under which a dependency of a published package or app may stand: all permissive. */
const ALLOWED_LICENCES: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
];

/**
 * The production dependencies in `packages` (of package-lock.json) whose licence is not allowed, or not stated. Pure.
 * Of a choice (`A OR B`) one allowed licence is enough.
 *
 * @returns one sentence each; empty when all are allowed
 */
export function findLicenceFaults(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages)
    .filter(([path, { dev, link }]) => path.includes('node_modules/') && dev !== true && link !== true)
    .filter(([, { license }]) => !isAllowed(license))
    .map(
      ([path, { license }]) =>
        `${path}: its licence is ${license ?? 'not stated'}; allowed are ${ALLOWED_LICENCES.join(', ')}. ` +
        'Take another package, or add the licence to ALLOWED_LICENCES once it is read.',
    );
}

function isAllowed(licence: string | undefined): boolean {
  if (licence === undefined) return false;
  const choices = licence.replace(/^\((.*)\)$/u, '$1').split(' OR ');
  return choices.some((choice) => ALLOWED_LICENCES.includes(choice));
}
