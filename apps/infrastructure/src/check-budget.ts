import { estimateCost, explainOverBudget, UnknownRegionError } from '@pulselake/cost-model';
import { ConfigError, type PulselakeConfig } from './config.js';

/**
 * Holds what the expected load would cost against the budget. Pure.
 *
 * @returns what to tell people, where there is something to tell: that no prices are known for the region
 * @throws ConfigError with the list of costs when the estimate is above the budget
 */
export function checkBudget({ load, region, monthlyBudgetDollars }: PulselakeConfig): string | undefined {
  let estimate;
  try {
    estimate = estimateCost(load, { region });
  } catch (error) {
    if (!(error instanceof UnknownRegionError)) throw error;
    return `The budget was not checked: ${error.message}`;
  }
  const tooMuch = explainOverBudget(estimate, monthlyBudgetDollars);
  if (tooMuch !== undefined) throw new ConfigError(tooMuch);
  return undefined;
}
