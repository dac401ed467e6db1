/** Where events come from: JSON Lines, in chunks cut anywhere. */
export interface EventSource {
  /** What messages and rejected records call it. */
  readonly name: string;
  /** Whether it gives the same bytes again; ids that are missing are then made of them. */
  readonly isRepeatable: boolean;
  /** Reads it from the beginning. */
  open(signal: AbortSignal): AsyncIterable<Uint8Array>;
}
