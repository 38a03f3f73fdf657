/** A copy with other fields. Thinned reports share what they have in common as their prototype (`scan/thin-report.ts`), which a spread would lose. */
export const changed = <T extends object>(value: T, fields: Partial<T>): T =>
  Object.setPrototypeOf({ ...value, ...fields }, Object.getPrototypeOf(value) as object) as T
