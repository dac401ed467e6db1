import type { PriceId, PriceList } from './prices.js';

/** A number that a formula multiplies. */
export interface Factor {
  readonly value: number;
  /** What the number counts: `shards`, `hours`. */
  readonly unit: string;
}

/** What one thing on the bill costs a month, and how that was reckoned. */
export interface CostLine {
  /** The part of the deployment that needs it. */
  readonly component: string;
  readonly item: string;
  readonly dollarsPerMonth: number;
  readonly factors: readonly Factor[];
  /** The factors and the price, as a sum on paper. */
  readonly formula: string;
  readonly price: {
    readonly id: PriceId;
    readonly dollars: number;
    readonly unit: string;
    readonly source: string;
    readonly recordedIn: string;
  };
}

export interface NewCostLine {
  readonly component: string;
  readonly item: string;
  readonly factors: readonly (readonly [value: number, unit: string])[];
  readonly price: PriceId;
}

/** A line whose formula is what it was reckoned by: the product of the factors and the price. Pure. */
export function costLine({ component, item, factors: pairs, price: id }: NewCostLine, list: PriceList): CostLine {
  const price = { id, ...list.prices[id], recordedIn: list.recordedIn };
  const factors = pairs.map(([value, unit]): Factor => ({ value, unit }));
  const words = factors.map(({ value, unit }) => `${amount(value)} ${unit}`);
  return {
    component,
    item,
    dollarsPerMonth: factors.reduce((product, { value }) => product * value, price.dollars),
    factors,
    formula: [...words, `$${plain(price.dollars)}`].join(' × '),
    price,
  };
}

/** A number as people read it: `1,234.5`, at most four significant digits behind the point. */
export function amount(value: number): string {
  const digits = value >= 100 ? 0 : value >= 1 ? 2 : 4;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** A price without exponent: `0.000000014`. */
function plain(dollars: number): string {
  return dollars.toLocaleString('en-US', { maximumSignificantDigits: 6, maximumFractionDigits: 12 });
}
