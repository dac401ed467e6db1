import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Once before all tests: those that run the command as a program find it built from these sources. */
export default function buildRunnable(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../../tools/build-runnable.mjs', import.meta.url))]);
}
