import type { HttpBindings } from '@hono/node-server';
import { createMiddleware } from 'hono/factory';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses requests which another site's page could have caused: a `Host` that is no loopback name with the server's port
 * (DNS rebinding), or an `Origin` that is not the server itself.
 *
 * @see https://owasp.org/www-community/attacks/DNS_Rebinding
 */
export const loopbackOnly = createMiddleware<{ Bindings: Partial<HttpBindings> }>(async (c, next) => {
  const port = portOf(c.env);
  const host = c.req.header('host');
  if (host === undefined || !isLoopback(host, port)) {
    return c.json({ error: `The host ${host ?? '(none)'} is refused: open this page by its loopback address.` }, 403);
  }
  const origin = c.req.header('origin');
  if (origin !== undefined && !(origin.startsWith('http://') && isLoopback(origin.slice(7), port))) {
    return c.json({ error: `The origin ${origin} is refused: only this server's own page may ask.` }, 403);
  }
  return next();
});

/** The port the request came in on; unknown outside a real server. */
function portOf(env: Partial<HttpBindings> | undefined): number | undefined {
  return env?.incoming?.socket.localPort;
}

function isLoopback(authority: string, port: number | undefined): boolean {
  const match = /^([a-z0-9.]+|\[[0-9a-f:]+\])(?::(\d{1,5}))?$/i.exec(authority);
  if (!match || !LOOPBACK_NAMES.includes((match[1] ?? '').toLowerCase())) return false;
  return port === undefined || Number(match[2] ?? '80') === port;
}
