/** A load or an assumption that nothing can be computed from. */
export class InvalidLoadError extends Error {
  override readonly name = 'InvalidLoadError';
}

/** A region of which no prices are written down. */
export class UnknownRegionError extends Error {
  override readonly name = 'UnknownRegionError';
}
