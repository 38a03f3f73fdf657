import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extractors } from '../../src/extract/index.ts'
import type { Event } from '../../src/model/event.ts'
import { record } from './records.ts'

const samples = join(import.meta.dirname, '../../samples')
const folders = ['kubelet', 'containerd', 'crio', 'systemd', 'systemd-oomd', 'earlyoom', 'userspace-killers', 'runtimes']
const lines = folders.flatMap((folder) =>
  readdirSync(join(samples, folder))
    .filter((name) => name !== 'README.md')
    .flatMap((name) => readFileSync(join(samples, folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => line.replace(/^[A-Z][a-z]{2} +\d+ [\d:.]+ \S+ [^:]+: /, '')),
)
// The kernel's own readers are tested beside them.
const mine = extractors.filter(({ id }) => !id.startsWith('kernel-'))

function readAll(messages: readonly string[]): Event[] {
  const events: Event[] = []
  const sink = { event: (event: Event) => void events.push(event), anchor() {}, snapshot() {}, warn() {} }
  const sessions = mine.map((extractor) => extractor.open('t'))
  messages.forEach((message, index) => {
    const one = record(message, { origin: { source: 't', line: index + 1, offset: null, cursor: null } })
    for (const session of sessions) session.push(one, sink)
  })
  for (const session of sessions) session.end(sink)
  return events
}

/** Numbers must be numbers: unknown is `null`. */
const hasNoNaN = (event: Event): boolean => Object.values(event).every((value) => typeof value !== 'number' || Number.isFinite(value))

describe('all readers of lines', () => {
  it('survive lines cut anywhere, joined and doubled, and invent no figures', () => {
    const cut = fc
      .tuple(fc.constantFrom(...lines), fc.nat(600), fc.nat(600))
      .map(([line, from, to]) => line.slice(Math.min(from, to), Math.max(from, to)))
    const whole = fc.constantFrom(...lines)
    const joined = fc.tuple(cut, whole).map(([a, b]) => a + b)
    fc.assert(
      fc.property(fc.array(fc.oneof(cut, whole, joined), { maxLength: 30 }), (messages) => {
        const events = readAll(messages)
        expect(events.every((event) => event.quotes.length > 0 && hasNoNaN(event))).toBe(true)
        expect(() => structuredClone(events)).not.toThrow()
      }),
      { numRuns: 150 },
    )
  })

  it('take long hostile lines in no time', () => {
    const sink = { event() {}, anchor() {}, snapshot() {}, warn() {} }
    const fillers = ['a', ' ', '"', '\\', '/x', '[', '(', 'a.b-', ': ', ', ', 'process ', 'Container a was using 1, ']
    const slow: string[] = []
    for (const extractor of mine)
      for (const literal of extractor.literals)
        for (const filler of ['a', ' ', fillers[literal.length % fillers.length] as string]) {
          const long = filler.repeat(24_000 / filler.length)
          for (const text of [literal + long, long + literal]) {
            const started = performance.now()
            extractor.open('t').push(record(text), sink)
            // A few ms as a rule; a regex that goes back over its steps takes seconds.
            if (performance.now() - started > 1000) slow.push(`${extractor.id}: ${literal} with ${filler}`)
          }
        }
    expect(slow).toEqual([])
  }, 60_000)

  it('have ids of their own, and literals long and plain enough to be searched in bytes', () => {
    expect(new Set(extractors.map(({ id }) => id)).size).toBe(extractors.length)
    for (const { id, literals } of mine) {
      expect(literals.length, id).toBeLessThanOrEqual(40)
      for (const literal of literals) expect(literal, id).toMatch(/^[\x20-\x7e]{4,}$/)
    }
  })
})
