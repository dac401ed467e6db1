import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { explainSdkError } from '../src/athena/explain-sdk-error.js';
import {
  AthenaCredentialsError,
  AthenaQueryEngine,
  AthenaUnreachableError,
  createAthenaClient,
  isRetryable,
} from '../src/index.js';

afterEach(() => vi.unstubAllEnvs());

/** An environment without any configuration of AWS. */
function withoutConfiguration(): void {
  const home = mkdtempSync(join(tmpdir(), 'pulselake-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  for (const name of [
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
    'AWS_PROFILE',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
  ]) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HOME', home);
  vi.stubEnv('AWS_CONFIG_FILE', join(home, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
}

describe('a client without configuration', () => {
  it.each([
    ['a region', {}, /^No AWS region is set/],
    ['credentials', { region: 'eu-central-1' }, /^The AWS credentials cannot be used: .*Sign in/],
  ])('fails for want of %s, before anything is asked', async (_, options, message) => {
    withoutConfiguration();
    const client = createAthenaClient({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1, ...options });
    const engine = new AthenaQueryEngine({ client, clock: () => 0 });
    const attempt = engine.query('SELECT 1');
    await expect(attempt).rejects.toBeInstanceOf(AthenaCredentialsError);
    await expect(attempt).rejects.toThrow(message);
    client.destroy();
  });
});

describe('an error that nobody knows', () => {
  it.each([
    ['a text', 'oops', 'Athena could not be asked: oops'],
    ['one without a message', new TypeError(), 'Athena could not be asked: TypeError'],
    [
      'a page',
      new SyntaxError(`Unexpected token <\n  ${'x'.repeat(1000)}`),
      /^Athena could not be asked: Unexpected token < x{280}… ?$|…$/,
    ],
  ])('is one line: %s', (_, error, message) => {
    const explained = explainSdkError(error);
    expect(explained).toBeInstanceOf(AthenaUnreachableError);
    expect(isRetryable(explained)).toBe(true);
    expect(explained.message).toMatch(message);
    expect(explained.message.length).toBeLessThan(400);
    expect(explained.message).not.toContain('\n');
  });
});
