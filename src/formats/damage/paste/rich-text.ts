import type { TextLine } from './text-line.ts'

/** RTF as word processors save it and some mail programs attach it: `{\rtf1\ansi …`, lines ended by `\par`. */
export const hasRichText = (text: string): boolean => /^\{\\rtf\d/m.test(text)

/** `\'e9`, `\u8211?`, `\par `, `\fs20 `, `\{`, a group's brace. */
const sign = /\\(?:'(?<hex>[0-9a-f]{2})|u(?<unit>-?\d{1,5}) ?\??|(?<word>[a-z]{1,32})(?:-?\d{1,10})? ?|(?<literal>[^a-z\n]))|[{}]/gi
const BREAKS = /^(?:par|line|row|sect|page)$/
const LITERALS: Readonly<Record<string, string>> = { '~': ' ', '-': '', _: '-', '*': '' }

/** The text alone. A break of the file is none of the text's: what no `\par` ends goes on in the next line. */
export function withoutRichText(lines: readonly TextLine[]): TextLine[] {
  const plain: TextLine[] = []
  let isOpen = false
  for (const line of lines) {
    const [first = '', ...others] = plainOf(line.text).split('\n')
    const before = isOpen ? plain.pop() : undefined
    plain.push(before === undefined ? { ...line, text: first } : { ...before, to: line.to, text: before.text + first })
    for (const text of others) plain.push({ ...line, text })
    isOpen = others.length === 0 || others.at(-1) !== ''
    if (!isOpen) plain.pop()
  }
  return plain
}

const plainOf = (text: string): string =>
  text.replace(sign, (...found) => {
    const { hex, unit, word, literal } = found.at(-1) as Partial<Record<'hex' | 'unit' | 'word' | 'literal', string>>
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (unit !== undefined) return String.fromCharCode(Number(unit) & 0xffff)
    if (literal !== undefined) return LITERALS[literal] ?? literal
    return word === 'tab' || word === 'cell' ? '\t' : BREAKS.test(word ?? '') ? '\n' : ''
  })
