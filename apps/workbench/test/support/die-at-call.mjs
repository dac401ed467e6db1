// Preloaded into the command: kills the process at its n-th call that changes the file system (`DIE_AT_CALL=n`), so that
// kills meet every phase of a commit. Without a number it counts, and tells the count at the end.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';

const dieAt = Number(process.env.DIE_AT_CALL ?? 0);
let calls = 0;
for (const name of ['rename', 'rm', 'mkdir', 'link', 'open', 'writeFile']) {
  const original = fs[name];
  fs[name] = (...args) => {
    // Reading changes nothing.
    if (name !== 'open' || (args[1] !== undefined && args[1] !== 'r')) {
      calls++;
      if (calls === dieAt) process.kill(process.pid, 'SIGKILL');
    }
    return original(...args);
  };
}
syncBuiltinESMExports();
if (dieAt === 0) process.on('exit', () => process.stderr.write(`\ncalls ${calls}\n`));
