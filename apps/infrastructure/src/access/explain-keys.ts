import type { Suppression } from '../suppress.js';

/** Why rights on all objects below prefixes are as narrow as can be. @param patterns keys ending in `*` */
export function explainKeys(patterns: readonly string[]): Suppression {
  return {
    id: 'AwsSolutions-IAM5',
    reason: 'Names of objects below a prefix are not known before they are written',
    appliesTo: patterns
      .filter((pattern) => pattern.endsWith('*'))
      .map((pattern) => ({ regex: `/^Resource::.*/${escaped(pattern)}$/` })),
  };
}

/** As a text that a regular expression finds. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
