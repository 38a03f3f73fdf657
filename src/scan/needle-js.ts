import { latin1Text } from './line-text.ts'
import type { Needle } from './needle.ts'

const special = /[\\^$.*+?()[\]{}|/]/g

/** The needle in plain JavaScript, for engines without WebAssembly SIMD: one alternation over a latin1 view. */
export function openJsNeedle(literals: readonly string[]): Needle {
  let memory = new Uint8Array(0)
  const pattern = literals.map((literal) => literal.replace(special, '\\$&')).join('|')
  const finder = new RegExp(pattern === '' ? '(?!)' : pattern, 'g')
  const index = new Map(literals.map((literal, at) => [literal, at]))
  return {
    memory(bytes) {
      if (bytes > memory.length) {
        const grown = new Uint8Array(bytes)
        grown.set(memory)
        memory = grown
      }
      return memory
    },
    lineFeeds(from, to) {
      let lineFeeds = 0
      for (let at = memory.indexOf(10, from); at !== -1 && at < to; at = memory.indexOf(10, at + 1)) lineFeeds += 1
      return lineFeeds
    },
    search(from, to, hits) {
      let lineFeeds = 0
      let counted = from
      const countTo = (end: number) => {
        for (let at = memory.indexOf(10, counted); at !== -1 && at < end; at = memory.indexOf(10, at + 1)) lineFeeds += 1
        counted = end
      }
      const text = latin1Text(memory.subarray(from, to))
      finder.lastIndex = 0
      for (let match = finder.exec(text); match !== null; match = finder.exec(text)) {
        countTo(from + match.index)
        hits.at.push(from + match.index)
        hits.literal.push(index.get(match[0]) ?? 0)
        hits.lineFeeds.push(lineFeeds)
        // Literals may overlap: a sampled one must not hide an extractor's.
        finder.lastIndex = match.index + 1
      }
      countTo(to)
      return lineFeeds
    },
  }
}
