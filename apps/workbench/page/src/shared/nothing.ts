/** Stands for parts of ECharts that the page has no use for. */
export default function nothing(): void {
  // Nothing.
}

export { nothing as createOrUpdatePatternFromDecal };
