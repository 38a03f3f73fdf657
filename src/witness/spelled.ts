/** Signs of an encoding: `%20`, `%2520`, `&#32;`, `&#x20;`, `\u0020`. */
const any = /%(?:25){0,3}[0-9A-Fa-f]{2}|&(?:amp;){0,3}#x?[0-9A-Fa-f]{2,5};|\\u00[0-9A-Fa-f]{2}/
const signs =
  /%(?:25){0,3}(?<hex>[0-9A-Fa-f]{2})|&(?:amp;){0,3}#(?:x(?<point>[0-9A-Fa-f]{2,5})|(?<decimal>\d{2,5}));|\\u00(?<small>[0-9A-Fa-f]{2})/g

/** A line's text as it was before an address, a page or a program's string encoded it; `null` where nothing did. Signs beyond ASCII are none of a proof's. */
export function spelledOut(line: string): string | null {
  if (!any.test(line)) return null
  return line.replace(signs, (_, hex?: string, point?: string, decimal?: string, small?: string) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? point ?? small ?? '', 16) : Number(decimal)
    return String.fromCharCode(code === 10 || code === 13 ? 32 : code)
  })
}
