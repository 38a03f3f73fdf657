import type { DocumentPiece } from '../define-extractor.ts'

/** A run of whole items or documents of a large YAML text. */
export type YamlPiece = DocumentPiece & { readonly goesOn: boolean }

/** Characters of a piece, at least. */
const PIECE = 1 << 20
const ITEMS = 'items:\n'

/** The text of a piece as one that can be read by itself: where it goes on with a list, behind a line `items:` of ours. */
export const wholeOf = ({ text, goesOn }: DocumentPiece): string => (goesOn === true ? ITEMS + text : text)

/**
 * Cuts YAML of any size before an item of its List (`items:`), or where another document begins (`---`), so that a list of any length needs the memory of
 * one piece. Lines of a block scalar are indented deeper than the item that holds them: a dash at the items' column begins one.
 */
export function yamlPieces(give: (piece: YamlPiece) => void, least = PIECE): { push(text: string): void; end(): void } {
  let held = ''
  /** Length from which on a place to cut is looked for. */
  let wanted = least
  /** A line break, the items' column and a dash, of the list that `held` goes on with. */
  let dash: string | null = null

  const cutAt = (end: number, next: string | null): void => {
    give({ text: held.slice(0, end), goesOn: dash !== null })
    held = held.slice(end)
    dash = next
    wanted = least
  }
  const cut = (): void => {
    const document = lastDocument(held)
    const open = document > 0 ? null : dash
    const head = open === null ? /^items:[ \t]*\r?\n(?<indent> {0,8})- /m.exec(held.slice(document)) : null
    const own = head === null ? open : `\n${head.groups?.['indent'] ?? ''}- `
    // The first item of a list begins behind its head.
    const first = head === null ? 0 : document + head.index + head[0].length
    const item = own === null ? -1 : held.lastIndexOf(own)
    if (own !== null && item >= first) cutAt(item + 1, own)
    else if (document > 0) cutAt(document, null)
    else wanted = 2 * held.length
  }
  return {
    push(text) {
      held += text
      if (held.length >= wanted) cut()
    },
    end() {
      if (held !== '') cutAt(held.length, null)
    },
  }
}

/** Where the last document in the text begins with its `---`; 0: there is but one. */
function lastDocument(text: string): number {
  for (let at = text.lastIndexOf('\n---'); at !== -1; at = at === 0 ? -1 : text.lastIndexOf('\n---', at - 1))
    if (/^---[ \t\r]*(?:#[^\n]*)?\n/.test(text.slice(at + 1, at + 201))) return at + 1
  return 0
}
