/** A regular expression's parts, as far as it takes to write strings that it likes for long and then refuses. */
export type Part =
  | { readonly kind: 'set'; readonly source: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'sequence'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly options: readonly Part[] }
  | { readonly kind: 'repeat'; readonly part: Part; readonly least: number; readonly most: number }

/** Parses a pattern. Lookarounds and back references match nothing of their own. */
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
    return /^\(\?(?:<?[=!])/.test(head) ? { kind: 'nothing' } : inner
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

/** The shortest text that a part matches. */
function sampleOf(part: Part, flags: string): string {
  switch (part.kind) {
    case 'nothing':
      return ''
    case 'set':
      return charactersOf(part.source, flags)[0] ?? ''
    case 'sequence':
      return part.parts.map((each) => sampleOf(each, flags)).join('')
    case 'choice':
      return sampleOf(part.options[0] as Part, flags)
    case 'repeat':
      return sampleOf(part.part, flags).repeat(part.least)
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

/** For each unbounded repetition: what leads there, and what keeps it busy (its own text, what follows it, both). */
export function attacksOn(pattern: Part, flags: string): readonly Attack[] {
  const attacks: Attack[] = []
  const visit = (part: Part, before: string, after: string): void => {
    if (part.kind === 'sequence')
      part.parts.forEach((each, index) => {
        const head = part.parts
          .slice(0, index)
          .map((one) => sampleOf(one, flags))
          .join('')
        const rest = part.parts
          .slice(index + 1)
          .map((one) => sampleOf(one, flags))
          .join('')
        visit(each, before + head, rest + after)
      })
    else if (part.kind === 'choice') for (const option of part.options) visit(option, before, after)
    else if (part.kind === 'repeat') {
      const body = sampleOf(part.part, flags) || fullSample(part.part, flags)
      if (part.most >= many) {
        const pumps = new Set([body, after.slice(0, 3), after.slice(0, 1), `${body}${after}`, after, ' ', `${body} `])
        for (const pump of pumps) if (pump !== '') for (const prefix of new Set([before, ''])) attacks.push({ prefix, pump })
      }
      visit(part.part, before, body + after)
    }
  }
  visit(pattern, '', '')
  return attacks
}

/** With every repetition once: what is empty at least is still something at most. */
function fullSample(part: Part, flags: string): string {
  if (part.kind === 'repeat') return fullSample(part.part, flags)
  if (part.kind === 'sequence') return part.parts.map((each) => fullSample(each, flags)).join('')
  return part.kind === 'choice' ? fullSample(part.options.at(-1) as Part, flags) : sampleOf(part, flags)
}
