import type { TextLine } from './text-line.ts'

/** What grep prints between two groups of lines that do not adjoin. */
const isParting = ({ text }: TextLine): boolean => text.trimEnd() === '--'
const fileName = /^[\w./@+~-]{1,300}$/
const number = /^(?<number>\d{1,9})[:-]/

/**
 * Takes off what `grep -C` puts before lines: a file's name, a number, each with `:` behind it in a line that was sought and with `-` in one beside it
 * (`kern.log-4711-text`). A name is one where both signs follow it in one group; numbers count up by one.
 */
export function withoutGrepFronts(lines: readonly TextLine[]): readonly TextLine[] {
  const groups = groupsOf(lines)
  const names = [...new Set(groups.flatMap((group) => nameOf(group.map(({ text }) => text)) ?? []))].sort((a, b) => b.length - a.length)
  const unnamed = (text: string): string => {
    const name = names.find((own) => text.startsWith(own) && /[:-]/.test(text[own.length] ?? ''))
    return name === undefined ? text : text.slice(name.length + 1)
  }
  const numbers = groups.flatMap((group) =>
    group.slice(1).map((line, at) => numberOf(unnamed(line.text)) - numberOf(unnamed(group[at]?.text ?? ''))),
  )
  const isNumbered = numbers.length > 1 && numbers.filter((step) => step === 1).length >= numbers.length * 0.9
  if (names.length === 0 && !isNumbered) return lines
  return lines.map((line) => {
    const text = unnamed(line.text)
    return { ...line, text: isParting(line) ? '' : isNumbered ? text.replace(number, '') : text }
  })
}

const numberOf = (text: string): number => Number(number.exec(text)?.groups?.['number'] ?? Number.NaN)

function groupsOf(lines: readonly TextLine[]): TextLine[][] {
  const groups: TextLine[][] = [[]]
  for (const line of lines) {
    if (isParting(line)) groups.push([])
    else if (line.text !== '') groups.at(-1)?.push(line)
  }
  return groups
}

/** What all lines of a group begin with, if it is a file's name that either sign follows. */
function nameOf(texts: readonly string[]): string | null {
  const [first = ''] = texts
  let length = first.length
  for (const text of texts) while (!text.startsWith(first.slice(0, length))) length -= 1
  const signs = new Set(texts.map((text) => text[length]))
  const name = first.slice(0, length)
  return signs.size === 2 && signs.has(':') && signs.has('-') && fileName.test(name) ? name : null
}
