import type { OutputFlags } from './control-flags.js';
import type { FlinkIo } from './flink-io.js';
import { printableLines } from './printable.js';

/** Results on standard output, as text or as one JSON document; what happens meanwhile on standard error. */
export class Output {
  constructor(
    private readonly io: Pick<FlinkIo, 'stdout' | 'stderr'>,
    private readonly flags: OutputFlags,
  ) {}

  readonly report = (line: string): void => {
    this.io.stderr.write(`${printableLines(line)}\n`);
  };

  print(document: object, lines: readonly string[]): void {
    const text =
      this.flags.json === true ? JSON.stringify(document, undefined, 2) : lines.map(printableLines).join('\n');
    this.io.stdout.write(`${text}\n`);
  }
}
