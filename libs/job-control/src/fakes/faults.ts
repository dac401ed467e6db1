/** Errors that calls of a fake end with, each once, instead of doing anything. */
export class Faults<Method extends string> {
  readonly #waiting = new Map<Method, Error[]>();

  /** The next calls of a method end with these. */
  add(method: Method, ...errors: readonly Error[]): void {
    this.#waiting.set(method, [...(this.#waiting.get(method) ?? []), ...errors]);
  }

  /** @throws the next error of a method */
  meet(method: Method): void {
    const error = this.#waiting.get(method)?.shift();
    if (error) throw error;
  }
}
