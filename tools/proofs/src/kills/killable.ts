/** What makes a command's process die. */
export type Kill =
  /** At a call of the file system, from 1. */
  | { readonly call: number }
  /** So many milliseconds after its start. */
  | { readonly afterMs: number };

/** A stage whose commands are killed. */
export interface Killable {
  readonly name: string;
  /** The lake. */
  readonly root: string;
  /** Calls of the file system of each command when nothing disturbs it; a run may make some more or fewer. */
  readonly calls: readonly number[];
  /** Milliseconds that each takes. */
  readonly tookMs: readonly number[];
  /** Makes the lake as it is before a command. */
  startOver(command: number): void;
  /** Runs a command until it is killed. @returns whether it was; else it has ended before */
  kill(command: number, kill: Kill): Promise<boolean>;
  /** Starts the command again, and kills it too, while it recovers what the first left. @returns whether it was killed */
  killAgain(command: number, kill: Kill): Promise<boolean>;
  /** Looks at what a kill has left, nothing run again. @returns what is wrong; nothing when all is right */
  look(): Promise<string | undefined>;
  /** Runs all to the end. @returns what is wrong then; nothing when all is right */
  finish(): Promise<string | undefined>;
}
