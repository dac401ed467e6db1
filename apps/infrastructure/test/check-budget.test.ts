import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkBudget } from '../src/check-budget.js';
import { ConfigError, parseConfig } from '../src/config.js';

const config = (more: Record<string, unknown>) =>
  parseConfig({ environment: 'dev', region: 'us-east-1', ...more }, 'test');

describe('the budget', () => {
  const folder = new URL('../config/', import.meta.url);
  it.each(readdirSync(folder))('of %s bears the load that it expects', (file) => {
    expect(checkBudget(parseConfig(JSON.parse(readFileSync(new URL(file, folder), 'utf8')), file))).toBeUndefined();
  });

  it('fails, with the list of costs, for a load that it does not bear', () => {
    const small = config({ monthlyBudgetDollars: 50 });
    expect(() => checkBudget(small)).toThrow(ConfigError);
    expect(() => checkBudget(small)).toThrow(
      /^The estimate of \$\d+\.\d\d a month is above the budget of \$50\.00\.[\s\S]*\n {2}\$ +\d/,
    );
  });

  it('is not checked, and says so, where no prices are known', () => {
    expect(checkBudget(config({ region: 'xx-nowhere-1', monthlyBudgetDollars: 1 }))).toMatch(
      /^The budget was not checked: /,
    );
  });
});
