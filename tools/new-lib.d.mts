export function filesOfLibrary(name: string, version: string): Record<string, string>;
export function faultOfName(name: string | undefined): string | undefined;
