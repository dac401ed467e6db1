import { CommanderError } from 'commander';
import { grafanaProgram } from './commands.js';

const program = grafanaProgram({ out: (text) => process.stdout.write(`${text}\n`), env: process.env });
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
