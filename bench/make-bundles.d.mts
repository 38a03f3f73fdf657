/** Bytes written. */
export function makeBundles(folder: string, count: number, seed?: number): number
export function bundleText(n: number, random: () => number): string
