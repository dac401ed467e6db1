import { spawn } from 'node:child_process';
import { mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** How a program ended, and what it printed. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. What npm, Node and Nx of this workspace are told by their environment is not passed on. */
export function run(file: string, args: readonly string[], cwd: string, signal?: AbortSignal): Promise<Ran> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_(package|lifecycle|command|execpath)|NODE_|VITEST|FORCE_COLOR$)/.test(name),
    ),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, signal, killSignal: 'SIGINT', stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, stdout, stderr }));
  });
}

/** As `run`. @throws Error with all that was printed when it does not end well */
export async function mustRun(file: string, args: readonly string[], cwd: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(file, args, cwd);
  if (exitCode !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${exitCode}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** A project of somebody else: an empty folder outside of the workspace, into which packages are installed. */
export class Project {
  private constructor(readonly folder: string) {}

  static async create(): Promise<Project> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'stranger-')));
    await writeFile(join(folder, 'package.json'), '{ "name": "stranger", "private": true, "type": "module" }\n');
    return new Project(folder);
  }

  async install(...packages: readonly string[]): Promise<void> {
    await mustRun('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], this.folder);
  }

  /** Names of all installed packages, those of dependencies too. */
  async installed(): Promise<string[]> {
    const listed = await mustRun('npm', ['query', '*', '--loglevel=error'], this.folder);
    return (JSON.parse(listed) as { name: string }[]).map(({ name }) => name).sort();
  }

  /** What lies in node_modules. @returns bytes */
  async bytes(): Promise<number> {
    const entries = await readdir(join(this.folder, 'node_modules'), { recursive: true, withFileTypes: true });
    const sizes = entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
