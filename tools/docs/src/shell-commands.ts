import type { Block } from './pages.js';

/** A command of a shell block. */
export interface ShellCommand {
  /** `page:line`. */
  readonly place: string;
  readonly words: readonly string[];
}

/**
 * The commands of a shell block, each as its words: of every line, of every part of a pipe and of a list. Enough of the shell
 * for what documentation shows: quotes, `\` at the end of a line, `#` comments, `NAME=value` before a command, redirections.
 */
export function shellCommands({ page, line, text }: Block): ShellCommand[] {
  const commands: ShellCommand[] = [];
  for (const [index, joined] of joinedLines(text)) {
    let words: string[] = [];
    const end = () => {
      if (words.length > 0) commands.push({ place: `${page}:${line + index}`, words });
      words = [];
    };
    for (const token of joined.matchAll(
      /\s+|#.*|\|\||&&|[|;&]|[<>]+\s*\S+|(?:"[^"]*"|'[^']*'|\\.|[^\s"'|;&<>#\\])(?:"[^"]*"|'[^']*'|\\.|[^\s"'|;&<>\\])*/g,
    )) {
      const [raw] = token;
      if (/^\s/.test(raw) || raw.startsWith('#') || /^[<>]/.test(raw)) continue;
      if (/^[|;&]/.test(raw)) end();
      else if (words.length > 0 || !/^[A-Z_][A-Z0-9_]*=/.test(raw))
        words.push(raw.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
    }
    end();
  }
  return commands;
}

/** Lines, those that end with a backslash with what follows, and where each begins. */
function joinedLines(text: string): [number, string][] {
  const lines: [number, string][] = [];
  let open: [number, string] | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    open = open ? [open[0], `${open[1]} ${line}`] : [index, line];
    if (open[1].endsWith('\\')) open[1] = open[1].slice(0, -1);
    else {
      lines.push(open);
      open = undefined;
    }
  }
  return lines;
}
