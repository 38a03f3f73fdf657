import { countText } from '../text/values.ts'
import { visible } from '../text/visible.ts'
import { type Escaper, escapeHtml, html } from './escape.ts'
import type { Block, QuotePiece, Rich, RichPart } from './view/rich.ts'

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

/** Printed when a template asks for it: a short form shows a small part of what a view holds. */
function richLeaf(value: Rich, escaper: Escaper): Leaf {
  const isHtml = escaper === html
  const inline = once(() => value.rich.map((part) => partMarkup(part, isHtml, escaper.text, escaper.code)).join(''))
  const cell = isHtml ? inline : once(() => value.rich.map((part) => partMarkup(part, false, escaper.cellText, escaper.cellCode)).join(''))
  return leaf({ inline, cell, plain: () => visible(value.rich.map(({ text }) => text).join('')) }, value.raw, isHtml)
}

function once(write: () => string): () => string {
  let written: string | null = null
  return () => {
    written ??= write()
    return written
  }
}

function partMarkup(part: RichPart, isHtml: boolean, text: (s: string) => string, code: (s: string) => string): string {
  if (part.code === true) return isHtml && part.pieces !== undefined ? quoteMarkup(part.pieces) : code(part.text)
  if (!isHtml || part.bytes === undefined) return text(part.text)
  return `<data value="${part.bytes}" title="${countText(part.bytes)} bytes">${escapeHtml(part.text)}</data>`
}

/** A quoted line of a page: the proving figures marked, the whole of a shortened name as its title. */
function quoteMarkup(pieces: readonly QuotePiece[]): string {
  const inner = pieces.map(({ text, mark, full }) => {
    if (mark === true) return `<mark>${escapeHtml(text)}</mark>`
    return full === undefined ? escapeHtml(text) : `<span title="${escapeHtml(full)}">${escapeHtml(text)}</span>`
  })
  return `<code class="l">${inner.join('')}</code>`
}

function blockLeaf(value: Block, escaper: Escaper): Leaf {
  const text = once(() => escaper.block(value.block, value.language))
  const made = leaf({ inline: text, cell: text, plain: () => value.block.join('\n') }, null, escaper === html)
  const indented = (): string =>
    text()
      .split('\n')
      .map((line) => `   ${line}`)
      .join('\n')
  return Object.defineProperty(made, 'indented', { get: indented, enumerable: true })
}

interface Writers {
  readonly inline: () => string
  readonly cell: () => string
  readonly plain: () => string
}

/** Own properties: templates see no others. */
function leaf({ inline, cell, plain }: Writers, raw: Leaf['raw'], isHtml: boolean): Leaf {
  // `toHTML` is how Handlebars knows what is escaped already
  if (isHtml) {
    return {
      raw,
      get plain() {
        return plain()
      },
      cell: { toString: cell, toHTML: cell },
      toString: inline,
      toHTML: inline,
    }
  }
  return {
    raw,
    get plain() {
      return plain()
    },
    get cell() {
      return cell()
    },
    toString: inline,
  }
}
