import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { loopbackOnly } from '../server/loopback-only.js';

/**
 * Refuses what {@link loopbackOnly} refuses, but for programs that call the server by one of `hosts`: those of a container
 * reach this machine by another name. A page of a site sends its `Origin`, and is refused under any name.
 */
export function knownHostsOnly(hosts: readonly string[]): MiddlewareHandler<{ Bindings: Partial<HttpBindings> }> {
  const known = new Set(hosts.map((host) => host.toLowerCase()));
  return (c, next) => {
    const name = c.req
      .header('host')
      ?.replace(/:\d{1,5}$/, '')
      .toLowerCase();
    const isKnown = name !== undefined && known.has(name) && c.req.header('origin') === undefined;
    return isKnown ? next() : loopbackOnly(c, next);
  };
}
