import { MalformedTaskError } from './malformed-task-error.js';
import type { ServerAccessLogTask, TaskCall } from './task-schema.js';

/** The calls that each endpoint makes. */
export type CallGraph = ReadonlyMap<string, readonly TaskCall[]>;

/** What identifies an endpoint. */
function endpointId({ serviceName, httpMethod, relativeUrl }: TaskCall): string {
  return `${serviceName} ${httpMethod} ${relativeUrl}`;
}

/** The endpoints of a task and what each of them calls. */
export function callGraph(task: ServerAccessLogTask): CallGraph {
  return new Map(
    task.services.flatMap(({ name, endpoints }) =>
      endpoints.map((endpoint) => [endpointId({ serviceName: name, ...endpoint }), endpoint.dependencies] as const),
    ),
  );
}

/**
 * Checks that each call has its endpoint, that no endpoint calls itself in the end, and that lags have a range.
 *
 * @throws MalformedTaskError
 */
export function checkCallGraph(task: ServerAccessLogTask, fileName: string): void {
  const { networkLagMinMillis: min, networkLagMaxMillis: max } = task;
  if (min > max) {
    throw new MalformedTaskError(
      `${fileName}: networkLagMinMillis is ${min}; it must be at most networkLagMaxMillis, which is ${max}. Swap the two.`,
      { path: 'networkLagMinMillis' },
    );
  }
  const graph = callGraph(task);
  const done = new Set<string>();
  const visit = (call: TaskCall, callers: readonly string[]): void => {
    const id = endpointId(call);
    if (callers.includes(id)) {
      throw new MalformedTaskError(
        `${fileName}: services call each other in a circle: ${[...callers.slice(callers.indexOf(id)), id].join(' → ')}. Remove one of these dependencies.`,
        { path: 'services' },
      );
    }
    const dependencies = graph.get(id);
    if (!dependencies) {
      throw new MalformedTaskError(
        `${fileName}: ${callers.at(-1) ?? 'loadItems'} calls "${id}", which is no endpoint of any service. Add it to services, or correct the call.`,
        { path: callers.length === 0 ? 'loadItems' : 'services' },
      );
    }
    if (done.has(id)) return;
    for (const dependency of dependencies) visit(dependency, [...callers, id]);
    done.add(id);
  };
  for (const { call } of task.loadItems) visit(call, []);
  for (const { name, endpoints } of task.services) {
    for (const { relativeUrl, httpMethod } of endpoints) visit({ serviceName: name, relativeUrl, httpMethod }, []);
  }
}
