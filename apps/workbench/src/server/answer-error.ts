import { DashboardRequestError } from '@pulselake/dashboards';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';

/** Answers an error as JSON: its message when it is meant for people, never a stack trace. */
export function answerError(c: Context, error: Error, onError?: (error: unknown) => void): Response {
  if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
  if (error instanceof DashboardRequestError) return c.json({ error: error.message }, 400);
  if (error.name === 'ResultTooLargeError') {
    const message = 'This is more than a panel can show. Choose fewer components or metrics, or a shorter range.';
    return c.json({ error: message }, 422);
  }
  // By name, so that engines need not share a class.
  if (error.name === 'QueryError') return c.json({ error: `The query failed: ${error.message}` }, 500);
  if (c.req.raw.signal.aborted) return c.json({ error: 'The request was given up.' }, 503);
  onError?.(error);
  return c.json({ error: 'The server failed while it answered. This is a bug in pulselake.' }, 500);
}
