/** A command line of a README. */
export interface ReadmeExample {
  readonly line: string;
  readonly args: readonly string[];
}

/** The lines of a text that call a program, in their order. None of them may quote anything. Pure. */
export function readmeExamples(text: string, program: string): ReadmeExample[] {
  return [...text.matchAll(new RegExp(`^npx ${program} (.*)$`, 'gm'))].map(([line, rest = '']) => ({
    line,
    args: rest
      .replace(/\s#.*$/, '')
      .trim()
      .split(/\s+/),
  }));
}

/** The flags that a text quotes in its sentences. Pure. */
export function quotedFlags(text: string): string[] {
  return [...text.matchAll(/`(--[a-z-]+)/g)].map(([, flag = '']) => flag);
}

/** The section of a text under a heading of the second level. Pure. */
export function section(text: string, heading: string): string {
  const [, from = ''] = text.split(`\n## ${heading}\n`);
  return from.split('\n## ')[0]!;
}
