import { type FileHandle, open } from 'node:fs/promises';
import type { Random } from '@pulselake/generators';

/** Flips one bit of a file while `work` runs, and turns it back after. */
export async function withFlippedBit<T>(path: string, random: Random, work: (where: string) => Promise<T>): Promise<T> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const [position, bit] = [random.int(0, size), random.int(0, 8)];
    await flip(file, position, bit);
    try {
      return await work(`bit ${bit} of byte ${position} of ${size}`);
    } finally {
      await flip(file, position, bit);
    }
  } finally {
    await file.close();
  }
}

async function flip(file: FileHandle, position: number, bit: number): Promise<void> {
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, position);
  byte[0]! ^= 1 << bit;
  await file.write(byte, 0, 1, position);
}

/** Bytes at the start and at the end of a file, where headers and trailers stand: half of the flips fall there. */
const EDGE_BYTES = 40;

/** The bytes with one bit flipped, and which one. */
export function flippedCopy(bytes: Buffer, random: Random): { readonly bytes: Buffer; readonly where: string } {
  const copy = Buffer.from(bytes);
  const edge = Math.min(EDGE_BYTES, bytes.length);
  const inside = random.int(0, bytes.length);
  const position = random.pick([inside, inside, random.int(0, edge), bytes.length - 1 - random.int(0, edge)]);
  const bit = random.int(0, 8);
  copy[position]! ^= 1 << bit;
  return { bytes: copy, where: `bit ${bit} of byte ${position} of ${bytes.length}` };
}
