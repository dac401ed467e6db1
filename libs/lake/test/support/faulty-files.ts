import { type AppendFile, type LakeFiles, nodeLakeFiles } from '../../src/index.js';

/** Thrown instead of the call at which the process "dies". */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** The real file system until call `fatalCall` (from 1), which and after which nothing happens any more. */
export class FaultyFiles implements LakeFiles {
  calls = 0;

  constructor(private readonly fatalCall: number) {}

  makeDirectory = (path: string) => this.#call(() => nodeLakeFiles.makeDirectory(path));
  writeVolatile = (path: string, content: string) => this.#call(() => nodeLakeFiles.writeVolatile(path, content));
  write = (path: string, content: string) => this.#call(() => nodeLakeFiles.write(path, content));
  sync = (path: string) => this.#call(() => nodeLakeFiles.sync(path));
  syncDirectory = (path: string) => this.#call(() => nodeLakeFiles.syncDirectory(path));
  rename = (from: string, to: string) => this.#call(() => nodeLakeFiles.rename(from, to));
  link = (from: string, to: string) => this.#call(() => nodeLakeFiles.link(from, to));
  remove = (path: string) => this.#call(() => nodeLakeFiles.remove(path));

  openAppend = (path: string): AppendFile => {
    this.#count();
    const file = nodeLakeFiles.openAppend(path);
    return {
      append: (bytes) => {
        this.#count();
        file.append(bytes);
      },
      sync: () => this.#call(() => file.sync()),
      close: () => file.close(),
    };
  };

  async #call(work: () => Promise<void>): Promise<void> {
    this.#count();
    await work();
  }

  #count(): void {
    if (++this.calls >= this.fatalCall) throw new Killed(`killed at call ${this.calls}`);
  }
}
