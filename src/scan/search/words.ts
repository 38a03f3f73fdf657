/**
 * The words of a line by which containers, pods and units are known, as numbers: found in bytes, since a busy node's log holds millions of such lines and nearly
 * none of them matters. What is the same word is the same number; that two words may share one costs a line read in vain and nothing else.
 */

/** What a byte is: no part of a word, a hexadecimal digit, another letter, a dot or dash. */
const SEPARATOR = 0
const HEX = 1
const LETTER = 2
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  return /[0-9a-f]/.test(character) ? HEX : /[A-Za-z]/.test(character) ? LETTER : /[.-]/.test(character) ? 3 : SEPARATOR
})

/** So many digits of an id make it one: conmon prints 20 of 64, `docker ps` 12; the last group of a UID has 12. */
const ID_DIGITS = 12
const SEED = 0x811c9dc5
const PRIME = 0x01000193
/** More words than any line has that matters. */
const MOST = 4096

/** The words found last, by `findWords`: void at its next call. An odd number has a letter in it or is an id. */
export const foundWords = new Int32Array(MOST)

/**
 * Finds the words between two places: the first 12 digits of each run of at least so many hexadecimal digits, in whatever it stands; and each run of letters,
 * digits, dots and dashes without such digits, but for dots and dashes at its ends. Returns how many; -1: there are too many to be told.
 */
export function findWords(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  let length = 0
  let hash = SEED
  let solid = SEED
  let lettered = 0
  let digits = 0
  let id = SEED
  let hasId = false
  for (let at = from; at <= to; at += 1) {
    const byte = at < to ? (bytes[at] as number) : 0
    const kind = kinds[byte] as number
    if (kind === HEX || kind === LETTER) {
      hash = Math.imul(hash ^ byte, PRIME)
      solid = hash
      length += 1
      if (byte > 0x39) lettered = 1
      if (kind === LETTER) {
        digits = 0
        continue
      }
      if (digits === 0) id = SEED
      digits += 1
      if (digits <= ID_DIGITS) id = Math.imul(id ^ byte, PRIME)
      if (digits !== ID_DIGITS) continue
      if (count === MOST) return -1
      foundWords[count] = id | 1
      count += 1
      hasId = true
      continue
    }
    digits = 0
    if (length === 0) continue
    if (kind !== SEPARATOR) {
      hash = Math.imul(hash ^ byte, PRIME)
      continue
    }
    if (!hasId && length > 1) {
      if (count === MOST) return -1
      foundWords[count] = (solid & ~1) | lettered
      count += 1
    }
    length = 0
    hash = SEED
    lettered = 0
    hasId = false
  }
  return count
}

/** The one word of a name by which lines that hold it are found: its id, else its longest part. `null`: it has none, so that any line may hold it. */
export function wordOf(name: string): number | null {
  const bytes = new TextEncoder().encode(name)
  if (/[0-9a-f]{12}/.test(name)) {
    findWords(bytes, 0, bytes.length)
    const ids = findWords(bytes, name.search(/[0-9a-f]{12}/), bytes.length)
    return ids > 0 ? (foundWords[0] as number) : null
  }
  const parts = name.split(/[^A-Za-z0-9.-]+/).filter((part) => part.replace(/[.-]/g, '').length > 1)
  const longest = parts.sort((a, b) => b.length - a.length)[0]
  if (longest === undefined) return null
  const part = new TextEncoder().encode(longest)
  return findWords(part, 0, part.length) === 1 ? (foundWords[0] as number) : null
}

/** Names that lines are looked for by. */
export interface Wanted {
  /** `false`: it was there. */
  add(name: string): boolean
  readonly names: ReadonlySet<string>
  readonly words: ReadonlySet<number>
  /** A name without a word is among them: any line may be meant. */
  readonly any: boolean
  /** Whether one of the names may stand between the two places. */
  isIn(bytes: Uint8Array, from: number, to: number): boolean
}

export function openWanted(names: Iterable<string>): Wanted {
  const known = new Set<string>()
  const words = new Set<number>()
  /** Those of names without an id, which no other name shares. */
  const plain = new Set<number>()
  const ids: Ids = { known, inNames: new Set(), short: [] }
  const near = new Uint8Array(1 << 16)
  let any = false
  const wanted = {
    names: known,
    words,
    get any() {
      return any
    },
    add(name: string): boolean {
      if (known.has(name)) return false
      known.add(name)
      const word = wordOf(name)
      if (word === null) any = true
      else {
        words.add(word)
        near[word >>> 16] = 1
        const id = ID.exec(name)?.[0]
        if (id === undefined) plain.add(word)
        else if (!UID.test(name)) noteId(ids, id, name)
      }
      return true
    },
    isIn(bytes: Uint8Array, from: number, to: number): boolean {
      const count = any ? -1 : findWords(bytes, from, to)
      for (let index = 0; index < count; index += 1) {
        const word = foundWords[index] as number
        if (near[word >>> 16] === 1 && words.has(word) && (plain.has(word) || hasId(bytes.subarray(from, to), word, ids))) return true
      }
      return count < 0
    },
  }
  for (const name of names) wanted.add(name)
  return wanted
}

interface Ids {
  /** Names, whole ids and UIDs among them. */
  readonly known: ReadonlySet<string>
  /** Whole ids that stand in names (`docker-….scope`). */
  readonly inNames: Set<string>
  readonly short: string[]
}

const WHOLE_DIGITS = 64
const ID = /[0-9a-f]{12,}/
const UID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const latin1 = new TextDecoder('latin1')

function noteId({ inNames, short }: Ids, id: string, name: string): void {
  if (id.length < WHOLE_DIGITS) short.push(id)
  else if (id !== name) inNames.add(id)
}

/**
 * Whether a line that has the word of an id has the id that is looked for. The first digits of a container's id, or the last of a pod's UID, are those of every other where
 * they were counted and not dealt (`000000000000…`): such a log would be read as a whole, over and over. A short one may be any of them.
 */
function hasId(bytes: Uint8Array, word: number, { known, inNames, short }: Ids): boolean {
  const found = latin1.decode(bytes).match(/[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{12,}/g) ?? []
  return found.some((id) => {
    if (/[-_]/.test(id)) return known.has(id.replaceAll('_', '-'))
    if (id.length < WHOLE_DIGITS) return wordOfId(id) === word
    return known.has(id) || inNames.has(id) || short.some((other) => id.startsWith(other))
  })
}

function wordOfId(id: string): number {
  let hash = SEED
  for (let at = 0; at < ID_DIGITS; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), PRIME)
  return hash | 1
}
