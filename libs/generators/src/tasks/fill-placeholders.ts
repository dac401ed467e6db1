import { MalformedTaskError } from './malformed-task-error.js';

export interface FillPlaceholdersOptions {
  readonly placeholders: Readonly<Record<string, string>>;
  readonly fileName: string;
}

/**
 * Replaces each `${name}` and `${name:-default}` in a text of JSON. A value within quotes is escaped, so that it cannot
 * end them; outside of quotes it stands as it is, so that it can be a number.
 *
 * @throws MalformedTaskError when a name has neither value nor default, or a placeholder does not end
 */
export function fillPlaceholders(text: string, { placeholders, fileName }: FillPlaceholdersOptions): string {
  let filled = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '$' && text[at + 1] === '{') {
      const end = text.indexOf('}', at);
      if (end < 0) {
        throw new MalformedTaskError(`${fileName}: "${text.slice(at, at + 40)}" does not end. Close it with "}".`);
      }
      const value = placeholderValue(text.slice(at + 2, end), { placeholders, fileName });
      filled += isQuoted ? JSON.stringify(value).slice(1, -1) : value;
      at = end;
      continue;
    }
    if (character === '\\' && isQuoted) {
      filled += character + (text[++at] ?? '');
      continue;
    }
    if (character === '"') isQuoted = !isQuoted;
    filled += character;
  }
  return filled;
}

function placeholderValue(body: string, { placeholders, fileName }: FillPlaceholdersOptions): string {
  const dash = body.indexOf(':-');
  const name = dash < 0 ? body : body.slice(0, dash);
  if (Object.hasOwn(placeholders, name)) return placeholders[name]!;
  if (dash >= 0) return body.slice(dash + 2);
  throw new MalformedTaskError(
    `${fileName}: \${${name}} has no value. Give it one, or write \${${name}:-default} in the task.`,
  );
}
