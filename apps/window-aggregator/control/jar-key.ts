const NAME = /window-aggregator-([0-9a-f]{64})\.jar$/;

/** The key of a jar in its bucket: the same jar has the same key. Pure. */
export function jarKey(prefix: string, sha256: string): string {
  return `${prefix}window-aggregator-${sha256}.jar`;
}

/** The SHA-256 that a key names, in hex; undefined when it is no key of `jarKey`. Pure. */
export function digestOfKey(key: string): string | undefined {
  return NAME.exec(key)?.[1];
}
