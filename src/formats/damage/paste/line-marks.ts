import { certainTextAt } from '../../fronts/kernel-text.ts'
import { stampAt } from '../../fronts/stamp-shapes.ts'
import type { TextLine } from './text-line.ts'

/** Bullets, headings and the signs of a diff before the lines of a log. */
const marks: readonly RegExp[] = [/^[ \t]{0,8}[*•◦▪‣] {1,4}(?=\S)/, /^#{2,6} {1,4}(?=\S)/, /^\+(?=\S)/, /^-(?=\S)/, /^< (?=\S)/]
/** Comments of a program and changes to its files: what stands in them is its author's text. */
const program = /^\s*\/\*|\*\/\s*$|^diff --git |^Index: \S|^\+\+\+ [ab]\//m
const any = /^(?:[ \t]{0,8}[*•◦▪‣] |#{2,6} |[+-]\S|< )/m

export const hasLineMarks = (text: string): boolean => any.test(text) && !program.test(text)

/** Takes a mark off the lines of a block in which it stands before a kernel's text. */
export function withoutLineMarks(lines: readonly TextLine[]): readonly TextLine[] {
  const freed = [...lines]
  for (const mark of marks)
    for (let from = 0; from < freed.length; ) {
      const isMarked = (at: number): boolean => at < freed.length && mark.test(freed[at]?.text ?? '')
      let to = from
      while (isMarked(to)) to += 1
      const block = freed.slice(from, to)
      if (block.some(({ text }) => isKernels(text.replace(mark, ''))))
        for (const [at, line] of block.entries()) freed[from + at] = { ...line, text: line.text.replace(mark, '') }
      from = to === from ? from + 1 : to
    }
  return freed
}

/** `„text“`, `« text »`, `「text」`, `日志：“text”`: a quotation that is the whole line; between straight quotes, as programs write strings, only behind the kernel's stamp. */
const quotation =
  /^\s*(?:[-*\u2022] +|[^\s:\uff1a"'=]{1,20}[:\uff1a]\s?)?(?<open>[\u201c-\u201f\u2018-\u201b\u00ab\u00bb\u300c\u300e"])[ \u00a0\u202f]?(?<own>\S.{20,4000}?)[ \u00a0\u202f]?[\u201c-\u201f\u2018-\u201b\u00ab\u00bb\u300d\u300f"][.,;:!?]?\s*$/

/** `<msg>text</msg>`: an export's elements around it, whatever their names. */
const element = /^\s*(?:<[A-Za-z][\w:.-]{0,40}(?:\s[^<>]{0,300})?>\s?){1,8}(?<own>[^<>]{20,4000}?)(?:<\/[\w:.-]{1,41}>\s?){1,8}$/

export const hasQuotations = (text: string): boolean =>
  (/^\s*(?:[-*\u2022] +)?[\u201c-\u201f\u2018-\u201b\u00ab\u00bb\u300c\u300e"]|[:\uff1a]\s?[\u201c-\u201f\u00ab\u300c\u300e]/m.test(text) ||
    /\S<\/\w/.test(text)) &&
  !program.test(text)

export const withoutQuotations = (lines: readonly TextLine[]): readonly TextLine[] =>
  lines.map((line) => {
    const found = (quotation.exec(line.text) ?? element.exec(line.text))?.groups
    const own = found?.['own'] ?? ''
    return isKernels(own) && (found?.['open'] !== '"' || /^\[ *\d+\.\d{3,6}\]/.test(own)) ? { ...line, text: own } : line
  })

/** The kernel's text begins the line, or stands behind a stamp that does. */
function isKernels(text: string): boolean {
  const at = certainTextAt(text)
  return at === 0 || (at > 0 && (/^\[ *\d+\.\d{3,6}\]/.test(text) || stampAt(text, text.startsWith('[') ? 1 : 0) !== null))
}
