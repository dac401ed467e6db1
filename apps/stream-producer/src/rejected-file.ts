import { open, type FileHandle } from 'node:fs/promises';
import { InputError } from './errors.js';
import type { RejectedEventLine } from './event-lines.js';

/** Writes rejected lines as JSON Lines, with reason and raw text. */
export class RejectedFile {
  #pending = '';

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** @throws InputError when the file cannot be written */
  static async create(path: string): Promise<RejectedFile> {
    try {
      return new RejectedFile(path, await open(path, 'w'));
    } catch (cause) {
      throw new InputError(
        `${path} cannot be written (${(cause as Error).message}). Name another file by --rejected.`,
        {
          cause,
        },
      );
    }
  }

  async add(source: string, { reason, message, line, raw, rawBase64, truncated }: RejectedEventLine): Promise<void> {
    this.#pending += `${JSON.stringify({ reason, message, source, line, raw, rawBase64, truncated })}\n`;
    if (this.#pending.length > 65_536) await this.#write();
  }

  async close(): Promise<void> {
    await this.#write().finally(() => this.handle.close());
  }

  async #write(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    try {
      if (text !== '') await this.handle.appendFile(text);
    } catch (cause) {
      throw new InputError(`${this.path} cannot be written: ${(cause as Error).message}.`, { cause });
    }
  }
}
