/** What a secret looks like; documentation's own examples (AWS: `…EXAMPLE`) are none. */
const SECRETS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['an AWS access key id', /\b(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE)[A-Z0-9]{16}\b/u],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/u],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b/u],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/u],
  ['a Slack token', /\bxox[abprs]-[A-Za-z0-9-]{20,}\b/u],
  ['a Grafana token', /\bgl(?:sa|c)_[A-Za-z0-9+/=_]{32,}/u],
];

/**
 * Lines of `text` that hold a credential of a known form. Pure; the credential itself is not repeated.
 *
 * @returns `file:line: kind`, lines counted from 1
 */
export function findSecrets(file: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      SECRETS.filter(([, pattern]) => pattern.test(line)).map(([name]) => `${file}:${index + 1}: ${name}`),
    );
}
