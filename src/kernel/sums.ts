type Values = Readonly<Record<string, number>>

/** The sum of those that are there: what is not adds nothing. */
export const sumOf = (sizes: readonly (number | null | undefined)[]): number =>
  sizes.filter((size) => size !== null && size !== undefined).reduce((sum, size) => sum + size, 0)

/** The sum of all; `null` where there is none or one is not known: absent is not zero. */
export const wholeOf = (sizes: readonly (number | null | undefined)[]): number | null =>
  sizes.length > 0 && sizes.every((size) => size !== null && size !== undefined) ? sumOf(sizes) : null

/** What counters of one set hold together, as far as they are printed. */
export const sumOfKeys = (values: Values, ...keys: readonly string[]): number => sumOf(keys.map((key) => values[key]))

/** The same over several lines: zones, nodes. */
export const sumOfLines = (lines: readonly { readonly values: Values }[], ...keys: readonly string[]): number =>
  sumOf(lines.map(({ values }) => sumOfKeys(values, ...keys)))
