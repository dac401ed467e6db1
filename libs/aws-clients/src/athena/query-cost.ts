/** US dollars per TB scanned in most regions, as Amazon lists it in November 2026. */
export const DEFAULT_PRICE_PER_TB_USD = 5;

const MB = 1024 ** 2;
const TB = 1024 ** 4;
const MIN_BYTES = 10 * MB;

/**
 * The price of a query in US dollars: bytes are rounded up to a megabyte, 10 of them at least.
 *
 * @example queryCost(1) // 0.0000476837158203125
 * @see https://aws.amazon.com/athena/pricing/
 */
export function queryCost(bytesScanned: number, pricePerTbUsd = DEFAULT_PRICE_PER_TB_USD): number {
  return (Math.max(MIN_BYTES, Math.ceil(bytesScanned / MB) * MB) / TB) * pricePerTbUsd;
}
