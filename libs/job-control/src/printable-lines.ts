// eslint-disable-next-line no-control-regex -- texts come from services: a terminal must not obey them
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Lines as they may be shown on a terminal: control characters as escapes. */
export function printableLines(text: string): string {
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
