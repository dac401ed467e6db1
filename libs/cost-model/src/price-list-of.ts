import { UnknownRegionError } from './errors.js';
import { PRICE_LISTS, type PriceList } from './prices.js';

/**
 * The prices of a region.
 *
 * @throws UnknownRegionError when none are written down; the message names the regions there are
 */
export function priceListOf(region: string): PriceList {
  const list = PRICE_LISTS.find((each) => each.region === region);
  if (list) return list;
  const known = PRICE_LISTS.map((each) => each.region).join(', ');
  throw new UnknownRegionError(
    `No prices are written down for region ${region}; there are some for ${known}. Estimate with one of these: other regions cost much the same, some up to a third more.`,
  );
}
