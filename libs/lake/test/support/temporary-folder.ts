import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new folder that is gone when the test is done. Call it inside a test only. */
export function temporaryFolder(): string {
  const { path, remove } = keptFolder();
  onTestFinished(remove);
  return path;
}

/** A new folder that several tests share; the caller removes it. */
export function keptFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'pulselake-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
