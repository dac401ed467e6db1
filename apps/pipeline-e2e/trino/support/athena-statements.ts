import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished, workspace } from '../../test/support/run-program.js';

export interface AthenaStatement {
  readonly name: string;
  readonly sql: string;
}

/** What `npm test` gives Trino's parser: every query and view, those of the infrastructure among them. */
export async function athenaStatements(folder: string): Promise<AthenaStatement[]> {
  const file = join(folder, 'statements.json');
  const { exitCode, stderr } = await finished(
    spawn(process.execPath, [join(workspace, 'tools/trino-syntax/dist/main.js'), file]),
  );
  if (exitCode !== 0) throw new Error(`trino-syntax ended with ${exitCode ?? 1}: ${stderr}`);
  return JSON.parse(await readFile(file, 'utf8')) as AthenaStatement[];
}
