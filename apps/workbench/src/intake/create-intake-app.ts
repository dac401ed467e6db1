import { Hono } from 'hono';
import type { StreamSession } from '../pipelines/stream-session.js';
import { answerError } from '../server/answer-error.js';
import type { App } from '../server/create-app.js';
import { loopbackOnly } from '../server/loopback-only.js';
import { securityHeaders } from '../server/security-headers.js';
import { IntakeRefusal } from './intake-refusal.js';
import { StreamUnavailableError } from './intake-stream.js';
import { postEvents, type PostOutcome } from './post-events.js';
import { BytesInFlight, withBody } from './read-body.js';

export interface IntakeAppOptions {
  /** The stream to send to. @throws StreamUnavailableError when there is none now */
  readonly session: () => Promise<StreamSession>;
  /** Largest body, as sent and decompressed. Default 16 MiB. */
  readonly maxBodyBytes?: number;
  /** Bytes of bodies that all requests together hold. Default 64 MiB. */
  readonly maxBytesInFlight?: number;
  /** Told about faults of the server itself, which are answered without detail. */
  readonly onError?: (error: unknown) => void;
}

const MIB = 1024 * 1024;
const RETRY_AFTER_SECONDS = 5;

/**
 * The intake: `POST /events` takes JSON Lines, plain or gzip, and answers when they are synced to the stream's journal.
 *
 * Only for programs of this machine: a foreign `Host` or `Origin` is refused.
 */
export function createIntakeApp(options: IntakeAppOptions): App {
  const { session, maxBodyBytes = 16 * MIB, maxBytesInFlight = 64 * MIB, onError } = options;
  const inFlight = new BytesInFlight(maxBytesInFlight);
  const app: App = new Hono();
  app.use(securityHeaders);
  app.use(loopbackOnly);
  app.onError((error, c) => {
    const refusal = error instanceof StreamUnavailableError ? unavailable(error) : error;
    if (!(refusal instanceof IntakeRefusal)) return answerError(c, error, onError);
    const { retryAfterSeconds } = refusal.options;
    if (retryAfterSeconds !== undefined) c.header('Retry-After', String(retryAfterSeconds));
    // The rest of a body that was not read must not be taken for the next request.
    c.header('Connection', 'close');
    return c.json({ error: refusal.message }, refusal.status);
  });
  app.notFound((c) => c.json({ error: `There is nothing at ${c.req.path}; send events to /events.` }, 404));
  app.post('/events', async (c) =>
    c.json(await withBody(c.req.raw, inFlight, maxBodyBytes, (body) => take(session, body))),
  );
  app.all('/events', (c) =>
    c.json({ error: `${c.req.method} is not offered here; use POST.` }, 405, { Allow: 'POST' }),
  );
  return app;
}

async function take(session: () => Promise<StreamSession>, body: Buffer): Promise<PostOutcome> {
  const stream = await session();
  try {
    return await postEvents(stream, body);
  } catch (error) {
    throw new StreamUnavailableError('The stream failed.', { cause: error });
  }
}

function unavailable(error: StreamUnavailableError): IntakeRefusal {
  return new IntakeRefusal(503, `${error.message} Send the events again later; some of them may have been taken.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
