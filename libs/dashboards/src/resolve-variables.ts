import { ALL, type Dashboard } from './dashboard.js';
import { DashboardRequestError } from './errors.js';

/** The values of variables, by name. */
export type VariableValues = Readonly<Record<string, readonly string[]>>;

/**
 * Every variable of `dashboard` with its chosen values, or its default: {@link ALL} where that can be chosen, else the
 * empty text, which matches nothing.
 *
 * @throws DashboardRequestError when a variable is unknown, or several values are given to one that takes one
 */
export function resolveVariables(dashboard: Dashboard, given: VariableValues): VariableValues {
  const known = dashboard.variables.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new DashboardRequestError(
      `The dashboard ${dashboard.title} has no variable "${unknown}"; it has ${known.join(', ')}.`,
    );
  }
  return Object.fromEntries(
    dashboard.variables.map(({ name, multi, includeAll }) => {
      const values = given[name] ?? [];
      if (!multi && values.length > 1) {
        throw new DashboardRequestError(`The variable "${name}" takes one value; ${values.length} were given.`);
      }
      return [name, values.length > 0 ? values : [includeAll ? ALL : '']];
    }),
  );
}
