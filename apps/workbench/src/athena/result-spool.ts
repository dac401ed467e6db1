import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** A row as GetQueryResults holds it; `null` where a value is NULL. */
export type TextRow = readonly (string | null)[];

export interface ResultPage {
  readonly rows: readonly TextRow[];
  /** The first row that is not on the page; absent when there is none. */
  readonly next?: number;
}

interface Block {
  readonly firstRow: number;
  readonly rowCount: number;
  /** Where it lies in the file. */
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Rows are written, and read back, in blocks of about this size. */
const BLOCK_BYTES = 256 * 1024;

/** A page ends when it holds so much, whatever was asked for; it has one row at least. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/**
 * The rows of one result. Up to a block stays in memory; the rest goes into a file that no folder lists, so that the system
 * frees it with the process, however that ends.
 */
export class ResultSpool {
  #blocks: Block[] = [];
  #lines: string[] = [];
  #lineBytes = 0;
  #file: FileHandle | undefined;
  #fileBytes = 0;
  #rowCount = 0;

  constructor(private readonly folder: string) {}

  get rowCount(): number {
    return this.#rowCount;
  }

  get sizeBytes(): number {
    return this.#fileBytes + this.#lineBytes;
  }

  async append(rows: readonly TextRow[]): Promise<void> {
    for (const row of rows) {
      const line = JSON.stringify(row);
      this.#lines.push(line);
      this.#lineBytes += Buffer.byteLength(line) + 1;
      this.#rowCount += 1;
      if (this.#lineBytes >= BLOCK_BYTES) await this.#flush();
    }
  }

  /** The rows from the `from`-th on, from 0. */
  async page(from: number, maxRows: number): Promise<ResultPage> {
    const rows: TextRow[] = [];
    let size = 0;
    let at = from;
    while (at < this.#rowCount && rows.length < maxRows && size < MAX_PAGE_BYTES) {
      const { firstRow, lines } = await this.#blockOf(at);
      for (const line of lines.slice(at - firstRow)) {
        if (rows.length === maxRows || size >= MAX_PAGE_BYTES) break;
        rows.push(JSON.parse(line) as TextRow);
        size += line.length;
        at += 1;
      }
    }
    return { rows, ...(at < this.#rowCount && { next: at }) };
  }

  async close(): Promise<void> {
    this.#lines = [];
    this.#blocks = [];
    this.#rowCount = 0;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#lines.join('\n'));
    const rowCount = this.#lines.length;
    const file = (this.#file ??= await openUnlisted(this.folder));
    await file.write(bytes, 0, bytes.length, this.#fileBytes);
    this.#blocks.push({
      firstRow: this.#rowCount - rowCount,
      rowCount,
      offset: this.#fileBytes,
      sizeBytes: bytes.length,
    });
    this.#fileBytes += bytes.length;
    this.#lines = [];
    this.#lineBytes = 0;
  }

  async #blockOf(row: number): Promise<{ readonly firstRow: number; readonly lines: readonly string[] }> {
    const block = this.#blocks.find(({ firstRow, rowCount }) => row >= firstRow && row < firstRow + rowCount);
    if (!block || !this.#file) return { firstRow: this.#rowCount - this.#lines.length, lines: this.#lines };
    const bytes = Buffer.alloc(block.sizeBytes);
    await this.#file.read(bytes, 0, bytes.length, block.offset);
    return { firstRow: block.firstRow, lines: bytes.toString('utf8').split('\n') };
  }
}

async function openUnlisted(folder: string): Promise<FileHandle> {
  const path = join(folder, `pulselake-result-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}
