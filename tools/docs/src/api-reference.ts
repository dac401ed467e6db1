import ts from 'typescript';
import { type ApiPackage, exportsOf } from './api-program.js';
import { namedTypes } from './api-named-types.js';
import { signatureOf } from './api-signature.js';
import { formatMarkdown } from './format-markdown.js';

/** From the repository. */
export function apiPageOf({ folder }: ApiPackage): string {
  return `docs/reference/api/${folder}.md`;
}

/**
 * The page of a package: all that its subpaths export, each with what the sources say of it.
 *
 * @param packages all that have a page: what one of them exports is not shown again by those that name it
 */
export async function apiReference(
  program: ts.Program,
  apiPackage: ApiPackage,
  packages: readonly ApiPackage[],
): Promise<string> {
  const { folder, name, description, entryPoints } = apiPackage;
  const checker = program.getTypeChecker();
  const parts = [
    `# ${name}`,
    `${description} How it is used: [its README](../../../libs/${folder}/README.md).`,
    'This page is generated from the sources: `npx nx run docs:write`.',
  ];
  const shown = new Map<ts.Symbol, string>();
  for (const entryPoint of entryPoints) {
    const exported = [...exportsOf(program, entryPoint)].sort(([, a], [, b]) => orderOf(a) - orderOf(b));
    parts.push(`## ${entryPoint.specifier}`);
    const before = exported.filter(([, symbol]) => shown.has(symbol));
    if (before.length > 0)
      parts.push(`Exported here, too: ${before.map(([own]) => `[${own}](#${own.toLowerCase()})`).join(', ')}.`);
    for (const [own, symbol] of exported) {
      if (shown.has(symbol)) continue;
      shown.set(symbol, own);
      parts.push(`### ${own}`, ...sectionsOf(symbol, checker));
    }
  }
  const exported = new Set(
    packages.flatMap((one) => one.entryPoints.flatMap((entryPoint) => [...exportsOf(program, entryPoint).values()])),
  );
  const named = namedTypes(shown.keys(), exported, checker);
  if (named.length > 0) {
    parts.push('## Not exported', 'Types that the above name.');
    for (const symbol of named) parts.push(`### ${symbol.name}`, ...sectionsOf(symbol, checker));
  }
  return formatMarkdown(parts.filter((part) => part !== '').join('\n\n'));
}

/** What is called comes first, what only describes it last. */
function orderOf({ flags }: ts.Symbol): number {
  return [ts.SymbolFlags.Function, ts.SymbolFlags.Class, ts.SymbolFlags.Variable, flags].findIndex(
    (kind) => (flags & kind) !== 0,
  );
}

function sectionsOf(symbol: ts.Symbol, checker: ts.TypeChecker): string[] {
  const tags = symbol.getJsDocTags(checker).map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) }));
  const textsOf = (name: string) => tags.filter((tag) => tag.name === name).map(({ text }) => text);
  const notes = [
    ...textsOf('param').map((text) => {
      const [, name = '', meaning = ''] = /^(\S+)\s*-?\s*([^]*)$/.exec(text) ?? [];
      return `\`${name}\`: ${prose(meaning)}`;
    }),
    ...textsOf('default').map((text) => `Default: ${prose(text)}`),
    ...textsOf('returns').map((text) => `Returns ${prose(text)}`),
    ...textsOf('throws').map((text) => `Throws ${prose(text.replace(/^\w+Error\b/, '`$&`'))}`),
    ...textsOf('see').map((text) => `See ${prose(text)}`),
  ];
  return [
    prose(ts.displayPartsToString(symbol.getDocumentationComment(checker))),
    fenced(signatureOf(symbol, checker)),
    notes.map((note) => `- ${note.replaceAll('\n', ' ')}`).join('\n'),
    ...textsOf('example').flatMap((text) => ['Example:', fenced(text.replace(/^```\w*\n|\n?```$/g, ''))]),
  ];
}

function fenced(code: string): string {
  return `\`\`\`ts\n${code}\n\`\`\``;
}

/** Text of a comment as Markdown: the site would take `<` outside of code for an element, and `{{` for an expression. */
function prose(text: string): string {
  return text
    .replace(/\{@link(?:code|plain)? ([^}|\s]+)[^}]*\}/g, '`$1`')
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;')))
    .join('');
}
