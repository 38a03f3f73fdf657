export function writeNodeLog(
  path: string,
  options: { readonly bytes: number; readonly seed: number; readonly density?: number; readonly inner?: 'orderly' | 'random' },
): void
