import { describe, expect, it } from 'vitest';
import { sdkFailure } from '../../src/sdk/sdk-failure.js';

/** An error as the SDK makes them. */
function failure(name: string, status?: number, message = 'said the service'): Error {
  return Object.assign(new Error(message), {
    name,
    ...(status !== undefined && { $metadata: { httpStatusCode: status } }),
  });
}

describe('a failure of the SDK', () => {
  it.each([
    [failure('ThrottlingException', 400), 'throttled'],
    [failure('Unknown', 429), 'throttled'],
    [failure('Unknown', 503), 'throttled'],
    [failure('AccessDeniedException', 400), 'denied'],
    [failure('Unknown', 403), 'denied'],
    [failure('ExpiredTokenException', 403), 'credentials'],
    [failure('Error', undefined, 'Region is missing'), 'credentials'],
    [failure('Error', undefined, 'Could not load credentials from any providers'), 'credentials'],
    [failure('PermanentRedirect', 301), 'elsewhere'],
    [failure('ValidationException', 400), 'refused'],
    [failure('RequestTimeout', 408), 'unreachable'],
    [failure('InternalFailure', 500), 'unreachable'],
    [failure('Error'), 'unreachable'],
    ['a text', 'unreachable'],
    [undefined, 'unreachable'],
  ])('%s is of the kind %s', (error, kind) => {
    expect(sdkFailure(error).kind).toBe(kind);
  });

  it('has one line, without what programmers are advised', () => {
    const page = new SyntaxError(`Unexpected <\n  ${'x'.repeat(500)}`);
    expect(sdkFailure(page).message).toMatch(/^Unexpected < x{287} …$/);
    const advised = new Error('no JSON\n  Deserialization error: to see the raw response, inspect\nmore');
    expect(sdkFailure(advised).message).toBe('no JSON');
    expect(sdkFailure(failure('TypeError', 400, '')).message).toBe('TypeError');
  });

  it('says what to do about credentials', () => {
    expect(sdkFailure(failure('ExpiredToken')).message).toBe(
      'The AWS credentials cannot be used: said the service. Sign in (aws sso login), or set AWS_PROFILE or AWS_ACCESS_KEY_ID.',
    );
    expect(sdkFailure(failure('Error', undefined, 'Region is missing')).message).toMatch(/^No AWS region is set/);
  });
});
