/** A text as an SQL literal. */
export function sqlLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A key that may hold glob characters, as part of a pattern that matches just it. */
export function globLiteral(path: string): string {
  return path.replaceAll(/[[\]*?\\]/g, (character) => `[${character}]`);
}
