/** The process around the command, so that tests can run it without one. */
export interface FlinkIo {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Waits; rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** Ends the waiting; what was begun in AWS goes on. */
  readonly signal: AbortSignal;
  /** The project's folder, with `pom.xml`, `src` and `target`. */
  readonly home: string;
  /** Builds the jar in the project's folder. @returns Maven's exit code */
  readonly buildJar: (home: string) => Promise<number>;
}
