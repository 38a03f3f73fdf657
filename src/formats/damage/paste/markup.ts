import { undoneEntities } from '../cleaners.ts'
import type { TextLine } from './text-line.ts'

const tags =
  'html|body|head|title|meta|link|pre|code|samp|tt|kbd|br|p|div|span|table|thead|tbody|td|th|tr|ul|ol|li|b|i|u|em|strong|font|a|blockquote|hr|h[1-6]|img|section|article|main|details|summary|time|button|svg|path'
const anyTag = new RegExp(String.raw`<\/?(?:${tags})(?:\s[^<>]{0,2000})?\/?>`, 'gi')
const lineTag = /<(?:br|\/p|\/div|\/tr|\/li|\/pre|\/h[1-6]|hr|\/blockquote)(?:\s[^<>]{0,200})?\/?>/gi
const cellTag = /<\/t[dh](?:\s[^<>]{0,200})?>(?=\s*<t[dh])/gi
const dropped = /<(?<name>script|style)\b[^<>]{0,500}>[\s\S]{0,200000}?<\/\k<name>>/gi
const page = /<(?:html|body|div|p|pre|table|br|span|ul|ol|li|code)(?:\s[^<>]{0,500})?\/?>/i
const entity = /&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5});/i

/** Text with a page's tags in it. Those of a stack (`<TASK>`, `<IRQ>`) are none, nor are addresses in angle brackets. */
export const hasMarkup = (text: string): boolean => page.test(text) || entity.test(text)

/** Entities, also of entities (`&amp;#40;`), and XML's frame around text that has none. */
const undone = (text: string): string =>
  undoneEntities(/&amp;(?:#|[lg]t;|quot;)/.test(text) ? undoneEntities(text) : text).replace(/<!\[CDATA\[|\]\]>/g, '')

/** What a browser would show of each line: blocks and `<br>` end lines, the tags go, entities are what they stand for. */
export function withoutMarkup(lines: readonly TextLine[]): TextLine[] {
  const isPage = lines.some(({ text }) => page.test(text))
  return lines.flatMap((line) => {
    if (!/[<&]|\]\]>/.test(line.text)) return [line]
    if (!isPage) return [{ ...line, text: undone(line.text) }]
    const text = line.text.replace(dropped, '').replace(cellTag, '\t').replace(lineTag, '\n').replace(anyTag, '')
    const parts = text.split('\n')
    // A block that closes at the end of a line ends no second one.
    if (parts.length > 1 && parts.at(-1)?.trim() === '') parts.pop()
    return parts.map((part) => ({
      ...line,
      text: undone(part),
      ...(parts.length > 1 ? { encoded: line.text.length > 4_000 } : {}),
    }))
  })
}
