import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { AthenaFault } from './athena-fault.js';
import { knownHostsOnly } from './known-hosts-only.js';
import { METADATA_OPERATIONS } from './metadata-operations.js';
import type { QueryExecutions } from './query-executions.js';
import { queryOperations } from './query-operations.js';
import { parseInput } from './read-input.js';

export interface AthenaAppOptions {
  readonly executions: QueryExecutions;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Makes the id of an answer. */
  readonly newId: () => string;
  /** Names besides those of loopback that programs may call the server by. */
  readonly hosts?: readonly string[];
  /** Told about faults of the server itself, which are answered without detail. */
  readonly onError?: (error: unknown) => void;
}

/** What is given with a request: node-server's socket, or nothing in a test. */
export type AthenaApp = Hono<{ Bindings: Partial<HttpBindings> }>;

/** Four times the longest query that Athena takes: texts of JSON may be escaped. */
const MAX_BODY_BYTES = 1024 * 1024;

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/**
 * The part of the Athena API that queries need, over AWS JSON 1.1. Signatures are not checked; a foreign `Host` or `Origin`
 * is refused.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function createAthenaApp({ executions, clock, newId, hosts = [], onError }: AthenaAppOptions): AthenaApp {
  const operations = { ...METADATA_OPERATIONS, ...queryOperations(executions, clock) };
  const app: AthenaApp = new Hono();
  app.use(async (c, next) => {
    await next();
    c.res.headers.set('x-amzn-RequestId', newId());
    c.res.headers.set('Cache-Control', 'no-store');
    c.res.headers.set('X-Content-Type-Options', 'nosniff');
  });
  app.use(knownHostsOnly(hosts));
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () =>
        fault(new AthenaFault('SerializationException', `The body has more than ${MAX_BODY_BYTES} bytes.`)),
    }),
  );
  app.onError((error) => {
    if (error instanceof AthenaFault) return fault(error);
    onError?.(error);
    return fault(new AthenaFault('InternalServerException', 'The endpoint failed. This is a bug in pulselake.'));
  });
  app.notFound((c) =>
    c.json(
      { error: 'This is a local Athena endpoint: POST / with the header X-Amz-Target: AmazonAthena.OPERATION.' },
      404,
    ),
  );
  app.post('/', async (c) => {
    const target = /^AmazonAthena\.(\w+)$/.exec(c.req.header('x-amz-target') ?? '')?.[1] ?? '';
    const operation = Object.hasOwn(operations, target) ? operations[target] : undefined;
    if (!operation) {
      throw new AthenaFault(
        'UnknownOperationException',
        target === ''
          ? 'The header X-Amz-Target must be AmazonAthena. and an operation.'
          : `${target} is not offered by this local endpoint; it offers ${Object.keys(operations).sort().join(', ')}.`,
      );
    }
    return answer(await operation(parseInput(await c.req.text())), 200);
  });
  return app;
}

function fault({ type, message, members }: AthenaFault): Response {
  const status = type === 'InternalServerException' ? 500 : 400;
  return answer({ __type: type, Message: message, message, ...members }, status, { 'x-amzn-ErrorType': type });
}

function answer(body: unknown, status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': CONTENT_TYPE, ...headers } });
}
