/**
 * Characters that a reader cannot see but a terminal, a browser or a viewer obeys: control characters (C0 and C1), bidirectional controls
 * (Unicode TR 9: they reorder what follows, "Trojan Source"), zero-width and other format characters, line separators, lone surrogates.
 * Variation selectors and joiners inside emoji are among them: names in logs need no emoji, and a hidden character in a name is a fact.
 */
const invisible = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}/gu
/** Nearly all text: looked at first, since classes of Unicode are slow to look for. */
const plainAscii = /^[\x20-\x7e]*$/
const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** The text with every invisible character printed as what it is: `\x1b`, `\n`, `<U+202E>`. The result is one line and safe to show. */
export function visible(text: string): string {
  return plainAscii.test(text) ? text : text.replace(invisible, (char) => names[char] ?? escapeOf(char))
}

/** As `visible`, for a quoted log line: a tab stays a gap (eight columns would mislead in a table, so it is one space). */
export function visibleLine(text: string): string {
  return visible(text.replaceAll('\t', ' '))
}

function escapeOf(char: string): string {
  const point = char.codePointAt(0) as number
  const hex = point.toString(16)
  return point < 0x100 && point !== 0xad ? `\\x${hex.padStart(2, '0')}` : `<U+${hex.toUpperCase().padStart(4, '0')}>`
}
