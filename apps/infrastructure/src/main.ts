import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { MissingArtifactError } from './artifacts.js';
import { buildApp } from './build-app.js';
import { checkBudget } from './check-budget.js';
import { ConfigError, parseConfig } from './config.js';
import { readArtifacts } from './read-artifacts.js';

/**
 * What `cdk` runs. The only reader of context, files and environment:
 *
 * - `-c environment=NAME`: `config/NAME.json` is the configuration (default dev);
 * - `-c config=FILE`: another file.
 */
function main() {
  const home = fileURLToPath(new URL('..', import.meta.url));
  // CDK hands over the context of the command line by an environment variable, which an App reads.
  const context = new App({ autoSynth: false }).node;
  const text = (name: string): string | undefined => {
    const value: unknown = context.tryGetContext(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const path = text('config') ?? join(home, 'config', `${text('environment') ?? 'dev'}.json`);
  const config = parseConfig(readJson(path), path);
  const note = checkBudget(config);
  if (note !== undefined) process.stderr.write(`${note}\n`);
  buildApp({ config, artifacts: readArtifacts(join(home, '..')) }).synth();
}

function readJson(path: string): unknown {
  if (!existsSync(path)) {
    throw new ConfigError(
      `${path} does not exist. Name an environment of config/ with -c environment=NAME, or a file with -c config=FILE.`,
    );
  }
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ConfigError(`${path} is no JSON: ${(cause as Error).message}`, { cause });
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof MissingArtifactError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
