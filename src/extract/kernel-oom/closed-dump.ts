import type { MemcgStats, OomDump, QuoteRole } from '../../model/oom-dump.ts'
import type { Quote } from '../../model/origin.ts'
import type { ReportLines } from './packed-quotes.ts'

/** A dump whose lines are packed: `lines` holds a list for each role, and `stats 0` and so on for the blocks of statistics. */
type Closed = Omit<OomDump, 'quotes' | 'excerpt'> & { readonly lines: ReportLines }

const rolesOf = new WeakMap<ReportLines, OomDump['quotes']>()

const prototype = {
  get excerpt(): readonly Quote[] {
    return (this as unknown as Closed).lines.all()
  },
  get quotes(): OomDump['quotes'] {
    const { lines } = this as unknown as Closed
    const known = rolesOf.get(lines)
    if (known !== undefined) return known
    const lists = [...lines.lists()].filter(([name]) => name !== '' && !name.startsWith('stats '))
    const made = Object.fromEntries(lists.map(([name, list]) => [name as QuoteRole, list]))
    rolesOf.set(lines, made)
    return made
  },
}

/** By way of its prototype: an object of forty fields that is put together field by field takes five times the room of a literal. */
export const closedDump = (values: Closed): OomDump => Object.setPrototypeOf(values, prototype)

export const statsList = (index: number): string => `stats ${index}`

const knownKeys = new Map<string, readonly string[]>()
/** A log holds the statistics of some versions at most. */
const mostKeys = 64

/** The reports of one kernel print the same keys. */
function sharedKeys(keys: readonly string[]): readonly string[] {
  const id = keys.join(' ')
  const known = knownKeys.get(id)
  if (known !== undefined) return known
  if (knownKeys.size >= mostKeys) knownKeys.clear()
  knownKeys.set(id, keys)
  return keys
}

/** A block of statistics, packed: an object of thirty keys takes 2 KiB. */
export class ClosedStats implements MemcgStats {
  readonly path: string
  readonly hierarchical: boolean
  readonly #keys: readonly string[]
  readonly #figures: readonly number[]
  readonly #lines: ReportLines
  readonly #list: string

  constructor({ path, hierarchical, values }: Omit<MemcgStats, 'quotes'>, lines: ReportLines, index: number) {
    this.path = path
    this.hierarchical = hierarchical
    this.#keys = sharedKeys(Object.keys(values))
    this.#figures = Object.values(values)
    this.#lines = lines
    this.#list = statsList(index)
  }

  get values(): MemcgStats['values'] {
    return Object.fromEntries(this.#keys.map((key, at) => [key, this.#figures[at] as number]))
  }

  get quotes(): readonly Quote[] {
    return this.#lines.lists().get(this.#list) ?? []
  }
}
