import type { Quote } from '../../model/origin.ts'

/**
 * Lines of a report that has been read, in little room: a log may hold ten thousand reports of sixty lines, of which the answers quote one in full. A quote is
 * made when somebody asks; lists of the same lines share what was made. (Classes: a closure would keep the whole draft alive.)
 */
class PackedQuotes {
  readonly #source: string
  readonly #texts: string
  /** The first line's place; those of all where the lines do not follow each other in the source. */
  readonly #first: Place
  readonly #places: readonly Place[] | null
  #made: readonly Quote[] | null = null

  constructor(quotes: readonly Quote[], first: Quote) {
    this.#source = first.source
    this.#texts = quotes.map((q) => q.text).join('\n')
    this.#first = { line: first.line, offset: first.offset }
    this.#places = followEachOther(quotes, this.#texts) ? null : quotes.map(({ line, offset }) => ({ line, offset }))
  }

  all(): readonly Quote[] {
    if (this.#made !== null) return this.#made
    let next = this.#first
    this.#made = this.#texts.split('\n').map((text, at): Quote => {
      const { line, offset } = this.#places?.[at] ?? next
      next = behind({ line, offset }, text)
      return { source: this.#source, line, offset, cursor: null, text }
    })
    return this.#made
  }
}

interface Place {
  readonly line: number | null
  readonly offset: number | null
}

/** Of the next line, where one ends with a line feed only and a character is a byte. */
const behind = ({ line, offset }: Place, text: string): Place => ({
  line: line === null ? null : line + 1,
  offset: offset === null ? null : offset + text.length + 1,
})

function followEachOther(quotes: readonly Quote[], texts: string): boolean {
  if (/[^\x00-\x7f]/.test(texts)) return false
  let next: Place | null = null
  for (const quote of quotes) {
    if (next !== null && (quote.line !== next.line || quote.offset !== next.offset)) return false
    next = behind(quote, quote.text)
  }
  return true
}

/** The lines of one report, and named lists of some of them. */
export class ReportLines {
  readonly #lines: PackedQuotes | null
  readonly #names: readonly string[]
  /** List by list how many there are, then which: a character each, which is a byte where a number takes eight. */
  readonly #places: string
  /** What cannot be packed: all, or lists with a line of another place. */
  readonly #loose: ReadonlyMap<string, readonly Quote[]> | null
  #made: ReadonlyMap<string, readonly Quote[]> | null = null

  constructor(quotes: readonly Quote[], lists: readonly (readonly [string, readonly Quote[]])[]) {
    const [first] = quotes
    const isPlain = (q: Quote): boolean => q.source === first?.source && q.cursor === null && !q.text.includes('\n')
    this.#lines = first !== undefined && quotes.every(isPlain) ? new PackedQuotes(quotes, first) : null
    const placeOf = new Map(this.#lines === null ? [] : quotes.map((q, at) => [q, at]))
    const packable = lists.filter(([, list]) => list.every((q) => placeOf.has(q)))
    this.#names = packable.map(([name]) => name)
    this.#places = packable.map(([, list]) => String.fromCharCode(list.length, ...list.map((q) => placeOf.get(q) ?? 0))).join('')
    const loose = lists.filter((list) => !packable.includes(list))
    if (this.#lines === null) loose.push(['', quotes])
    this.#loose = loose.length > 0 ? new Map(loose) : null
  }

  all(): readonly Quote[] {
    return this.#lines?.all() ?? this.#loose?.get('') ?? []
  }

  /** Made once, since it is asked for at every turn. */
  lists(): ReadonlyMap<string, readonly Quote[]> {
    if (this.#made !== null) return this.#made
    const made = new Map(this.#loose)
    let at = 0
    for (const name of this.#names) {
      const end = at + 1 + this.#places.charCodeAt(at)
      const places = Array.from(this.#places.slice(at + 1, end), (place) => place.charCodeAt(0))
      made.set(
        name,
        places.map((place) => this.all()[place] as Quote),
      )
      at = end
    }
    this.#made = made
    return made
  }
}
