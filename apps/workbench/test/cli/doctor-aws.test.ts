import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runCommand } from './support/run-command.js';

/** Something at the address of AWS that refuses all credentials. */
async function refusingAws(): Promise<string> {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'expired');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'expired');
  const server = createServer((_request, response) => {
    response
      .writeHead(403, { 'Content-Type': 'text/xml' })
      .end(
        '<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The token is expired</Message></Error></ErrorResponse>',
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    vi.unstubAllEnvs();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('doctor --aws fails with 1 when the credentials are refused, and says what to do', async () => {
  const endpoint = await refusingAws();
  const { exitCode, stdout } = await runCommand(['doctor', '--aws', '--endpoint', endpoint, '--region', 'us-east-1']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^FAIL {2}credentials: The AWS credentials cannot be used: .*Sign in \(aws sso login\)/);
  expect(stdout.trim().split('\n')).toHaveLength(1);
});

test('doctor --aws --json has one finding for each check', async () => {
  const endpoint = await refusingAws();
  const args = ['doctor', '--aws', '--json', '--endpoint', endpoint, '--region', 'us-east-1'];
  const { exitCode, stdout } = await runCommand(args);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, checks: [{ name: 'credentials', status: 'missing' }] });
});

test.each([
  [['--env', 'prod'], '--env is about AWS: add --aws, or leave it out.'],
  [['--aws', '--env', 'Production!'], 'It must be a name like dev'],
  [['--aws', '--endpoint', 'nowhere'], 'It must be an address like'],
  [['--aws', '--components', 'many'], 'It must be a whole number'],
])('fails with 2 on doctor %j', async (args, message) => {
  const { exitCode, stderr } = await runCommand(['doctor', ...args]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});
