/** Something that does not hold. */
export interface Problem {
  /** The file or the run that it is about. */
  readonly subject: string;
  /** One sentence for people. */
  readonly message: string;
}

/** What `verify` looked at, and what does not hold. */
export interface Verification {
  readonly runs: number;
  readonly files: number;
  readonly bytes: number;
  /** Records read by all runs. */
  readonly recordsRead: number;
  readonly problems: readonly Problem[];
}
