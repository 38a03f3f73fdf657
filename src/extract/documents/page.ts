import type { Event } from '../../model/event.ts'
import type { Quote } from '../../model/origin.ts'
import type { Document } from '../../model/record.ts'
import type { Snapshot, Told } from '../../model/snapshot.ts'
import type { Warning } from '../../model/warning.ts'

/** A document cut into its lines. */
export interface Page {
  readonly source: string
  readonly path: string
  readonly lines: readonly string[]
  /** Number of `lines[0]` in the source. */
  readonly firstLine: number
  /** Where `lines` were laid out anew: the index in `raw` that each stands for, and the lines as they stand in the source. */
  readonly relaid?: { readonly places: readonly number[]; readonly raw: readonly string[] }
}

export function pageOf(document: Document): Page {
  const lines = document.text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  return { source: document.source, path: document.path, lines, firstLine: document.firstLine ?? 1 }
}

/** Line `index` (from 0) as evidence. */
export function quoteAt(page: Page, index: number): Quote {
  const at = page.relaid?.places[index] ?? index
  const text = (page.relaid?.raw ?? page.lines)[at] ?? ''
  return { source: page.source, line: page.firstLine + at, offset: null, cursor: null, text }
}

export function toldAt<T>(page: Page, index: number, value: T): Told<T> {
  return { value, quote: quoteAt(page, index) }
}

/** Collects what a reader finds. */
export interface Facts {
  readonly snapshots: Snapshot[]
  readonly events: Event[]
  readonly warnings: Warning[]
}

export const newFacts = (): Facts => ({ snapshots: [], events: [], warnings: [] })

/** The first `count` lines of a head that say something. */
export function firstLines(head: string, count: number): readonly string[] {
  if (count > MOST_LINES) return linesOf(head, count)
  if (cut.head !== head) cut = { head, lines: linesOf(head, MOST_LINES) }
  return cut.lines.length <= count ? cut.lines : cut.lines.slice(0, count)
}

/** Every reader looks at the head of every file of a bundle: it is cut once. */
const MOST_LINES = 400
let cut: { readonly head: string; readonly lines: readonly string[] } = { head: '', lines: [] }

function linesOf(head: string, count: number): string[] {
  const found: string[] = []
  for (let at = 0; at < head.length && found.length < count; ) {
    const feed = head.indexOf('\n', at)
    const end = feed === -1 ? head.length : feed
    const line = head.slice(at, head[end - 1] === '\r' && end > at ? end - 1 : end)
    if (line.trim() !== '') found.push(line)
    at = end + 1
  }
  return found
}

/** A heading of several outputs in one file (`==> dmesg <==`): what follows is a section, not the file. */
export const hasHeading = (lines: readonly string[]): boolean => lines.some((line) => /^==> .+ <==\s*$|^#==\[ /.test(line))

/** The last component of a path, lower case. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).toLowerCase()
