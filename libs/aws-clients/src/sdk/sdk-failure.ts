/** What became of a request, as far as all services say it alike. */
type SdkFailureKind = 'credentials' | 'throttled' | 'denied' | 'elsewhere' | 'refused' | 'unreachable';

/** An error of the SDK, read. */
export interface SdkFailure {
  readonly kind: SdkFailureKind;
  /** The service's name for it, for example `ThrottlingException`. */
  readonly name: string;
  /** One line, for people. Of `credentials`: with what to do. */
  readonly message: string;
  /** The status of the answer; absent when there was none. */
  readonly status?: number;
}

const THROTTLED = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'SlowDown',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'ResourceProvisionedThroughputExceededException',
]);

const DENIED = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation', 'AllAccessDisabled']);

const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredTokenException',
  'ExpiredToken',
  'InvalidToken',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'RequestTimeTooSkewed',
]);

/**
 * What an error of the SDK, or anything else that was thrown, says about a request. What only one service says is left to its
 * caller, by `name`. Pure.
 */
export function sdkFailure(error: unknown): SdkFailure {
  if (!(error instanceof Error)) return { kind: 'unreachable', name: '', message: String(error) };
  const { name } = error;
  const text = oneLine(error.message) || name;
  const status = statusOf(error);
  const told = { name, ...(status !== undefined && { status }) };
  if (/region is missing/i.test(text)) {
    return { ...told, kind: 'credentials', message: 'No AWS region is set. Name one, or set AWS_REGION.' };
  }
  if (CREDENTIALS.has(name) || /could not load credentials|security token/i.test(text)) {
    const message = `The AWS credentials cannot be used: ${text}. Sign in (aws sso login), or set AWS_PROFILE or AWS_ACCESS_KEY_ID.`;
    return { ...told, kind: 'credentials', message };
  }
  return { ...told, kind: kindOf(name, status), message: text };
}

function kindOf(name: string, status: number | undefined): SdkFailureKind {
  if (THROTTLED.has(name) || status === 429 || status === 503) return 'throttled';
  // An answer to HEAD has no body, and so no name.
  if (DENIED.has(name) || status === 403) return 'denied';
  if (status === undefined || status === 408) return 'unreachable';
  if (status >= 300 && status < 400) return 'elsewhere';
  return status >= 400 && status < 500 ? 'refused' : 'unreachable';
}

/** The status of the answer that the SDK made an error of. */
function statusOf(error: Error): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** Messages may hold whole pages that some proxy answered with. */
function oneLine(message: string): string {
  const text = message
    // The SDK's advice to programmers.
    .replace(/\s*Deserialization error: to see the raw response.*/s, '')
    .split(/\s*\n\s*/)
    .join(' ');
  return text.length > 300 ? `${text.slice(0, 300)} …` : text;
}
