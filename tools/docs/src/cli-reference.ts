import { commandsOf, PROGRAMS } from './programs.js';

/** The page of all commands, as they describe themselves. */
export async function cliReference(): Promise<string> {
  const parts = [
    '# Commands',
    '',
    'What each command says with `--help`. This page is generated: `npx nx run docs:write`.',
    '',
  ];
  for (const name of Object.keys(PROGRAMS)) {
    for (const { words, text } of await commandsOf(name)) {
      parts.push(`${words.length === 1 ? '##' : '###'} ${words.join(' ')}`, '', '```text', text, '```', '');
    }
  }
  return parts.join('\n');
}
