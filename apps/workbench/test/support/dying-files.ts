import { type AppendFile, type LakeFiles, nodeLakeFiles } from '@pulselake/lake';

/** A real file system until it fails; from then on nothing happens any more. */
export class DyingFiles {
  dieAt = Infinity;
  calls = 0;

  readonly files: LakeFiles;

  constructor() {
    this.files = Object.fromEntries(
      Object.entries(nodeLakeFiles).map(([name, call]) => [
        name,
        (...args: string[]) => {
          this.#count();
          const result: unknown = (call as (...args: string[]) => unknown)(...args);
          return name === 'openAppend' ? this.#dying(result as AppendFile) : result;
        },
      ]),
    ) as unknown as LakeFiles;
  }

  #dying(file: AppendFile): AppendFile {
    return {
      append: (bytes) => {
        this.#count();
        file.append(bytes);
      },
      sync: async () => (this.#count(), file.sync()),
      close: () => file.close(),
    };
  }

  #count(): void {
    if (++this.calls >= this.dieAt) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  }
}
