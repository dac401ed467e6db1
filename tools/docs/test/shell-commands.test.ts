import { describe, expect, it } from 'vitest';
import { shellCommands } from '../src/shell-commands.js';

const wordsOf = (text: string) =>
  shellCommands({ page: 'a.md', line: 10, language: 'sh', text }).map(({ words }) => words);

describe('the commands of a shell block', () => {
  it('are those of every line, pipe and list, without comments, redirections and variables before them', () => {
    expect(
      wordsOf(
        '# first\nA=1 B="x y" pulselake sql "SELECT 1" > out.csv # rest\ncat in | pulselake ingest events - && ls',
      ),
    ).toEqual([['pulselake', 'sql', 'SELECT 1'], ['cat', 'in'], ['pulselake', 'ingest', 'events', '-'], ['ls']]);
  });

  it('go on in the next line behind a backslash', () => {
    expect(wordsOf("a --b \\\n  --c='d | e'\nf")).toEqual([['a', '--b', '--c=d | e'], ['f']]);
  });

  it('know where they stand', () => {
    expect(shellCommands({ page: 'a.md', line: 10, language: 'sh', text: '\na' })).toEqual([
      { place: 'a.md:11', words: ['a'] },
    ]);
  });
});
