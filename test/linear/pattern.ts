/** A regular expression's parts, as far as it takes to write strings that it likes for long and then refuses. */
export type Part =
  | { readonly kind: 'set'; readonly source: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'around'; readonly part: Part }
  | { readonly kind: 'sequence'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly options: readonly Part[] }
  | { readonly kind: 'repeat'; readonly part: Part; readonly least: number; readonly most: number }

/** Parses a pattern. Back references match nothing of their own; a lookaround takes nothing, but what stands in it is tried at every place. */
export function parsePattern(source: string): Part {
  let at = 0
  const choice = (): Part => {
    const options: Part[] = []
    for (;;) {
      options.push(sequence())
      if (source[at] !== '|') break
      at += 1
    }
    return options.length === 1 ? (options[0] as Part) : { kind: 'choice', options }
  }
  const sequence = (): Part => {
    const parts: Part[] = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(atom()))
    return { kind: 'sequence', parts }
  }
  const repeated = (part: Part): Part => {
    const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(at, at + 30))?.[0]
    if (found === undefined) return part
    at += found.length
    const [least, most] = countsOf(found)
    return { kind: 'repeat', part, least, most }
  }
  const atom = (): Part => {
    const character = source[at] as string
    if (character === '(') return group()
    if (character === '[') return { kind: 'set', source: taken(/^\[\^?(?:\\.|[^\]\\])*\]/s) }
    if (character === '^' || character === '$') {
      at += 1
      return { kind: 'nothing' }
    }
    if (character !== '\\') return { kind: 'set', source: /[.]/.test(character) ? taken(/^./s) : escaped(taken(/^./su)) }
    const found = taken(/^\\(?:k<[^>]*>|[pP]\{[^}]*\}|u\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Z]|.)/s)
    return /^\\(?:[bB]|k<|[1-9])/.test(found) ? { kind: 'nothing' } : { kind: 'set', source: found }
  }
  const group = (): Part => {
    const head = taken(/^\((?:\?(?:<[=!]|[=!:]|<[^>]*>|[a-z-]*:))?/)
    const inner = choice()
    at += 1
    return /^\(\?(?:<?[=!])/.test(head) ? { kind: 'around', part: inner } : inner
  }
  const taken = (shape: RegExp): string => {
    const found = shape.exec(source.slice(at))?.[0]
    if (found === undefined) throw new Error(`cannot read ${source} at ${at}`)
    at += found.length
    return found
  }
  return choice()
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

function countsOf(text: string): readonly [number, number] {
  const mark = text[0]
  if (mark === '*') return [0, Infinity]
  if (mark === '+') return [1, Infinity]
  if (mark === '?') return [0, 1]
  const [least = '', most] = text.replace(/[{}?]/g, '').split(',')
  return [Number(least), most === undefined ? Number(least) : most === '' ? Infinity : Number(most)]
}

/** Characters of the kinds that logs have, the likely ones first. */
const candidates = [...'a1 A:=/-_."\'()[]{},;<>|#%+*\\\t\n~&!?@$^`zfkx0Z', 'é', '\u0000']

/** The shortest text that a part matches; of the characters that would do, one that `liked` takes too. */
function sampleOf(part: Part, flags: string, liked: Part | null = null): string {
  switch (part.kind) {
    case 'nothing':
    case 'around':
      return ''
    case 'set': {
      const characters = charactersOf(part.source, flags)
      const also = liked?.kind === 'set' ? charactersOf(liked.source, flags) : []
      return characters.find((character) => also.includes(character)) ?? characters[0] ?? ''
    }
    case 'sequence':
      return part.parts.map((each) => sampleOf(each, flags, liked)).join('')
    case 'choice':
      return sampleOf(part.options[0] as Part, flags, liked)
    case 'repeat':
      return sampleOf(part.part, flags, liked).repeat(part.least)
  }
}

const known = new Map<string, readonly string[]>()

function charactersOf(source: string, flags: string): readonly string[] {
  const key = `${source} ${flags}`
  const found = known.get(key)
  if (found !== undefined) return found
  const set = new RegExp(`^(?:${source})$`, flags.replace(/[gy]/g, ''))
  const literal = /^\\?[^\\[.]$/su.test(source) ? [source.at(-1) as string] : []
  const characters = [...literal, ...candidates].filter((character) => set.test(character))
  known.set(key, characters)
  return characters
}

export interface Attack {
  readonly prefix: string
  readonly pump: string
}

/** Repeats at least this often count as unbounded. */
const many = 200

/**
 * For each unbounded repetition: what leads there, and what keeps it busy (its own text, what follows it, both; what follows it also in
 * characters that the repetition itself takes, as `=` between two `\S+`).
 */
export function attacksOn(pattern: Part, flags: string): readonly Attack[] {
  const attacks = new Map<string, Attack>()
  const visit = (part: Part, before: string, rest: readonly Part[]): void => {
    if (part.kind === 'sequence')
      part.parts.forEach((each, index) => {
        const head = part.parts
          .slice(0, index)
          .map((one) => sampleOf(one, flags))
          .join('')
        visit(each, before + head, [...part.parts.slice(index + 1), ...rest])
      })
    else if (part.kind === 'choice') for (const option of part.options) visit(option, before, rest)
    else if (part.kind === 'around') visit(part.part, '', [])
    else if (part.kind === 'repeat') {
      const body = sampleOf(part.part, flags) || fullSample(part.part, flags)
      if (part.most >= many)
        for (const pump of pumpsOf(part.part, body, rest, flags))
          for (const prefix of new Set([before, ''])) attacks.set(`${prefix}\0${pump}`, { prefix, pump })
      visit(part.part, before, [part.part, ...rest])
    }
  }
  visit(pattern, '', [])
  return [...attacks.values()]
}

function pumpsOf(repeated: Part, body: string, rest: readonly Part[], flags: string): ReadonlySet<string> {
  const pumps = new Set([body, ' ', `${body} `])
  for (const liked of [null, repeated]) {
    const after = rest.map((one) => sampleOf(one, flags, liked)).join('')
    for (const pump of [after.slice(0, 3), after.slice(0, 1), `${body}${after}`, `${body}${after.slice(0, 1)}`, after]) pumps.add(pump)
  }
  pumps.delete('')
  return pumps
}

/** With every repetition once: what is empty at least is still something at most. */
function fullSample(part: Part, flags: string): string {
  if (part.kind === 'repeat') return fullSample(part.part, flags)
  if (part.kind === 'sequence') return part.parts.map((each) => fullSample(each, flags)).join('')
  return part.kind === 'choice' ? fullSample(part.options.at(-1) as Part, flags) : sampleOf(part, flags)
}
