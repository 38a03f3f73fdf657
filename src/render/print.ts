import { countText } from '../text/values.ts'
import { visible } from '../text/visible.ts'
import { type Escaper, escapeHtml, html } from './escape.ts'
import type { Block, Rich, RichPart } from './view/rich.ts'

/**
 * A printed value as templates see it: `{{x}}` is right for running text, `{{x.cell}}` for a table cell, `{{x.plain}}` the words without
 * markup (for attributes), `{{x.raw}}` the number or text itself. `{{x.lines}}`: a block indented for a list item.
 */
export interface Leaf {
  readonly cell: unknown
  readonly plain: string
  readonly raw: string | number | null
  readonly indented?: string
  toString(): string
  toHTML?(): string
}

/** Replaces every value of a view by its printed form, escaped for one output. Everything else (flags, numbers, our own ids) stays. */
export function printView(view: unknown, escaper: Escaper): unknown {
  if (Array.isArray(view)) return view.map((item) => printView(item, escaper))
  if (typeof view !== 'object' || view === null) return view
  if ('rich' in view) return richLeaf(view as Rich, escaper)
  if ('block' in view) return blockLeaf(view as Block, escaper)
  return Object.fromEntries(Object.entries(view).map(([key, value]) => [key, printView(value, escaper)]))
}

function richLeaf(value: Rich, escaper: Escaper): Leaf {
  const isHtml = escaper === html
  const inline = value.rich.map((part) => partMarkup(part, isHtml, escaper.text, escaper.code)).join('')
  const cell = isHtml ? inline : value.rich.map((part) => partMarkup(part, false, escaper.cellText, escaper.cellCode)).join('')
  return leaf(inline, cell, visible(value.rich.map(({ text }) => text).join('')), value.raw, isHtml)
}

function partMarkup(part: RichPart, isHtml: boolean, text: (s: string) => string, code: (s: string) => string): string {
  if (part.code === true) return code(part.text)
  if (!isHtml || part.bytes === undefined) return text(part.text)
  return `<data value="${part.bytes}" title="${countText(part.bytes)} bytes">${escapeHtml(part.text)}</data>`
}

function blockLeaf(value: Block, escaper: Escaper): Leaf {
  const text = escaper.block(value.block, value.language)
  const indented = text
    .split('\n')
    .map((line) => `   ${line}`)
    .join('\n')
  return { ...leaf(text, text, value.block.join('\n'), null, escaper === html), indented }
}

function leaf(inline: string, cell: string, plain: string, raw: Leaf['raw'], isHtml: boolean): Leaf {
  const base = { plain, raw, toString: () => inline }
  // `toHTML` is how Handlebars knows what is escaped already
  return isHtml ? { ...base, cell: { toString: () => cell, toHTML: () => cell }, toHTML: () => inline } : { ...base, cell }
}
