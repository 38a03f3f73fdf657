import type { Phrase, Question } from '../../model/diagnosis.ts'
import type { AnyIncident } from '../../model/report.ts'
import { plainPhrase } from '../../text/plain-phrase.ts'

/** What the sentences that rest on a line say of it: found again in the line, it is the proving figure. */
export interface Proof {
  /** Sizes in bytes, whatever unit the line has them in. */
  readonly sizes: Set<number>
  /** Numbers that are printed as they are: pids, exit codes, adjustments. */
  readonly numbers: Set<string>
  /** Names and words. */
  readonly words: Set<string>
}

export const newProof = (): Proof => ({ sizes: new Set(), numbers: new Set(), words: new Set() })

/** The kernel's and the API's own words for an answer (`oom_kill.c` since 4.19; container status reasons): no figure, but the proof. */
const ownWords: Readonly<Partial<Record<Question, readonly string[]>>> = {
  limit: [
    ...['CONSTRAINT_MEMCG', 'CONSTRAINT_NONE', 'CONSTRAINT_CPUSET', 'CONSTRAINT_MEMORY_POLICY', 'global_oom'],
    ...['Memory cgroup out of memory', 'Out of memory', 'evicted successfully', 'due to memory pressure'],
  ],
  consequence: ['OOMKilled', 'oom-kill', 'Evicted', 'ContainerStarted', 'ContainerDied', 'evicted successfully'],
}

/** Adds what an answer says, and the incident's figures that answer its question, to the proof that a line of its evidence is asked for. */
export function addAnswer(proof: Proof, question: Question, statement: Phrase | string, incident: AnyIncident): void {
  for (const part of typeof statement === 'string' ? [] : statement) {
    if (typeof part === 'string') continue
    if ('bytes' in part) addSizes(proof, part.bytes)
    if ('count' in part && part.count > 9) proof.numbers.add(String(part.count))
    // a path is what the line is about, not what it proves
    if ('code' in part && part.code.length <= 48 && !part.code.startsWith('/')) proof.words.add(part.code)
  }
  // Sizes and shares are no numbers of their own: `72 MiB` does not prove `failcnt 72`.
  const words = typeof statement === 'string' ? statement : plainPhrase(statement)
  for (const [number] of words.matchAll(/(?<![\w.,-])\d{2,9}(?!\d| ?(?:[KMGTP]iB|B|%|ms|s|min|h|d)(?!\w))(?![\w.,-]\w)/g))
    proof.numbers.add(number)
  for (const word of ownWords[question] ?? []) proof.words.add(word)
  addFigures(proof, question, incident)
}

/** A size of a few pages is found by chance in any line. */
const leastSize = 16_384

function addSizes({ sizes }: Proof, ...values: readonly (number | null | undefined)[]): void {
  for (const value of values) if (value !== null && value !== undefined && value >= leastSize) sizes.add(value)
}

function addFigures(proof: Proof, question: Question, incident: AnyIncident): void {
  const { memory, memcg, consumers, kills } = incident
  if (question === 'limit') {
    for (const group of [memcg, ...kills.map((kill) => kill.memcg)]) addSizes(proof, group?.limitBytes, group?.usageBytes)
    if (memory !== null && memory.scope !== 'memcg')
      addSizes(proof, memory.totalBytes, memory.classes.find(({ id }) => id === 'free')?.bytes)
    for (const zone of memory?.zones ?? []) if (zone.exhausted !== false) addSizes(proof, zone.freeBytes, zone.minBytes)
  }
  if (question === 'consumer' || question === 'rootCause') {
    const largest = [...(memory?.classes ?? [])].filter(({ id }) => id !== 'free').sort((a, b) => b.bytes - a.bytes)[0]
    addSizes(proof, largest?.bytes)
  }
  if (question === 'consumer' || question === 'selection') addKilled(proof, incident)
  for (const row of question === 'consumer' ? (consumers?.rows ?? []) : []) if (row.killed) addSizes(proof, row.rssBytes)
}

/** The figures of the one that was killed, as its own line has them. */
export function addKilled(proof: Proof, { kills, consumers }: AnyIncident): void {
  for (const { victim } of kills.slice(0, 20)) {
    addSizes(proof, victim.anonRssBytes, victim.shmemRssBytes)
    if (victim.pid !== null) proof.numbers.add(String(victim.pid))
    if (victim.comm !== null) proof.words.add(victim.comm)
  }
  for (const row of consumers?.rows ?? []) if (row.killed) addSizes(proof, row.rssBytes)
}

/** A number with the unit behind it, if any: `81920kB`, `4096`, `80.5Mi`, `123 kB`. */
const figure = /(?<![\w.])(?<number>\d{1,18}(?:\.\d{1,4})?)(?<unit> ?(?:kB|KB|KiB|Ki|MB|MiB|Mi|GB|GiB|Gi|K|M|G|B)(?![A-Za-z]))?(?![\w.]\d)/g
const factors: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, b: 1 }
/** More marks than this mark nothing. */
const mostMarks = 6

/** Where the proof stands in the message: spans in order, none within another. */
export function marksIn(message: string, proof: Proof, pageBytes: number): readonly (readonly [from: number, to: number])[] {
  const spans: (readonly [number, number])[] = []
  for (const match of message.matchAll(figure)) {
    const { number = '', unit = '' } = match.groups ?? {}
    const isProof =
      unit === '' ? proof.numbers.has(number) || isSize(proof, Number(number), pageBytes) : hasSize(proof, Number(number) * factorOf(unit))
    if (isProof) spans.push([match.index, match.index + match[0].length])
  }
  for (const word of proof.words) {
    const at = word.length < 2 ? -1 : wordAt(message, word)
    if (at >= 0) spans.push([at, at + word.length])
  }
  const ordered = spans.sort((a, b) => a[0] - b[0] || b[1] - a[1])
  return ordered.filter(([from], i) => ordered.slice(0, i).every(([, to]) => to <= from)).slice(0, mostMarks)
}

const factorOf = (unit: string): number => factors[unit.trim().charAt(0).toLowerCase()] ?? 1

/** Without a unit: bytes, pages (task tables, Mem-Info) or KiB. Small numbers are found everywhere and prove nothing. */
const isSize = (proof: Proof, value: number, pageBytes: number): boolean =>
  value >= 100 && (proof.sizes.has(value) || proof.sizes.has(value * pageBytes) || proof.sizes.has(value * 1024))

const hasSize = (proof: Proof, bytes: number): boolean => proof.sizes.has(Math.round(bytes))

/** The word standing by itself: not a part of another, and not inside of a path. */
function wordAt(message: string, word: string): number {
  for (let at = message.indexOf(word); at >= 0; at = message.indexOf(word, at + 1)) {
    const before = message.charAt(at - 1)
    const after = message.charAt(at + word.length)
    if (!/[\w/.-]/.test(before) && !/[\w/-]/.test(after)) return at
  }
  return -1
}
