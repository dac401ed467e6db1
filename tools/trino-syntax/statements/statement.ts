/** A text that Athena is given. */
export interface Statement {
  /** Where it comes from, and what was chosen: unique. */
  readonly name: string;
  readonly sql: string;
}
