import { latin1Text } from '../../text/latin1.ts'
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
      const part = memory.subarray(from, to)
      for (let at = part.indexOf(10); at !== -1; at = part.indexOf(10, at + 1)) lineFeeds += 1
      return lineFeeds
    },
    search(from, to, hits) {
      let lineFeeds = 0
      const part = memory.subarray(from, to)
      // Looked for once each: a line may hold a hit in every few bytes and no end.
      let feed = part.indexOf(10)
      const countTo = (end: number) => {
        for (; feed !== -1 && feed < end; feed = part.indexOf(10, feed + 1)) lineFeeds += 1
      }
      const text = latin1Text(part)
      finder.lastIndex = 0
      for (let match = finder.exec(text); match !== null; match = finder.exec(text)) {
        countTo(match.index)
        hits.at.push(from + match.index)
        hits.literal.push(index.get(match[0]) ?? 0)
        hits.lineFeeds.push(lineFeeds)
        // Literals may overlap: a sampled one must not hide an extractor's.
        finder.lastIndex = match.index + 1
      }
      countTo(to - from)
      return lineFeeds
    },
  }
}
