import type { JobIo } from './job-io.js';
import { printableLines } from './printable-lines.js';

/** Results on standard output, as text or as one JSON document; what happens meanwhile on standard error. */
export class Output {
  constructor(
    private readonly io: Pick<JobIo, 'stdout' | 'stderr'>,
    private readonly flags: { readonly json?: boolean },
  ) {}

  get isJson(): boolean {
    return this.flags.json === true;
  }

  readonly report = (line: string): void => {
    this.io.stderr.write(`${printableLines(line)}\n`);
  };

  print(document: object, lines: readonly string[]): void {
    const text = this.isJson ? JSON.stringify(document, undefined, 2) : lines.map(printableLines).join('\n');
    this.io.stdout.write(`${text}\n`);
  }
}
