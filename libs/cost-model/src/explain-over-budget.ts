import { InvalidLoadError } from './errors.js';
import type { CostEstimate } from './estimate-cost.js';

/**
 * What to say when an estimate is above the budget: by how much, and the list, the dearest first. Pure.
 *
 * @param budgetDollars a month
 * @returns nothing when the estimate is within the budget
 * @throws InvalidLoadError when the budget is no number of dollars
 */
export function explainOverBudget(estimate: CostEstimate, budgetDollars: number): string | undefined {
  if (!Number.isFinite(budgetDollars) || budgetDollars < 0) {
    throw new InvalidLoadError(`The budget is ${budgetDollars}; it must be a number of dollars a month, 0 or more.`);
  }
  if (estimate.dollarsPerMonth <= budgetDollars) return undefined;
  const lines = [...estimate.lines]
    .filter(({ dollarsPerMonth }) => dollarsPerMonth >= 0.005)
    .sort((a, b) => b.dollarsPerMonth - a.dollarsPerMonth)
    .map(({ component, item, dollarsPerMonth, formula }) => {
      return `  $${dollarsPerMonth.toFixed(2).padStart(10)}  ${component}: ${item} = ${formula}`;
    });
  return [
    `The estimate of $${estimate.dollarsPerMonth.toFixed(2)} a month is above the budget of $${budgetDollars.toFixed(2)}. Raise the budget, or lower the expected load.`,
    ...lines,
  ].join('\n');
}
