import { type Fragment, type Fragments, spreadFragments } from './fragments.ts'
import type { Hits, Needle } from './needle.ts'
import { needleWasm } from './needle.wasm.ts'
import { readyFragments, unpackFragments } from './ready-fragments.ts'

/** Where things stand in the module's memory: see needle.wat. */
const HEADS = 1024
const ENTRIES = 16_384
const HITS = 131_072
const TEXT = 262_144
/** Bytes past the text that may be looked at. */
const BEHIND = 512
const PAGE = 65_536
/** Room for the bytes of literals lies between the entries and the hits. */
const LITERALS = 98_304
const ENTRY = 32
const MOST = (LITERALS - ENTRIES) / ENTRY - 1

/** The little of the engine's interface that is used; neither `lib.es` nor the types of the lowest Node declare it. */
interface WasmModule {
  readonly brand: 'module'
}
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule) => { readonly exports: unknown }
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readonly count: { readonly value: number }
  readonly resume: { readonly value: number }
  search(from: number, to: number, lowest: number, feeds: number): number
  countLineFeeds(from: number, to: number): number
}

let compiled: WasmModule | null | undefined

/** The needle in WebAssembly with SIMD, or `null` where the engine has none or the literals do not fit its tables. */
export function openSimdNeedle(literals: readonly string[]): Needle | null {
  const size = literals.reduce((sum, literal) => sum + literal.length, 0)
  const fits = literals.length <= MOST && LITERALS + size < HITS && literals.every((literal) => /^[\x00-\x7f]{3,255}$/.test(literal))
  if (!fits) return null
  compiled ??= compile()
  if (compiled === null) return null
  const module = new WebAssembly.Instance(compiled).exports as Exports
  layTables(new DataView(module.memory.buffer), literals)
  return needleOf(module)
}

function compile(): WasmModule | null {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(needleWasm), (character) => character.charCodeAt(0)))
  } catch {
    return null
  }
}

function needleOf({ memory, count, resume, search, countLineFeeds }: Exports): Needle {
  return {
    memory(bytes) {
      const missing = TEXT + bytes + BEHIND - memory.buffer.byteLength
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
      return new Uint8Array(memory.buffer, TEXT, memory.buffer.byteLength - TEXT - BEHIND)
    },
    lineFeeds: (from, to) => countLineFeeds(from + TEXT, to + TEXT),
    search(from, to, hits) {
      let lineFeeds = 0
      for (let at = from + TEXT; at !== 0; at = resume.value) {
        lineFeeds = search(at, to + TEXT, from + TEXT, lineFeeds)
        if (count.value > 0) takeHits(new Int32Array(memory.buffer, HITS, 3 * count.value), hits)
      }
      return lineFeeds
    },
  }
}

function takeHits(found: Int32Array, hits: Hits): void {
  for (let at = 0; at < found.length; at += 3) {
    hits.at.push((found[at] ?? 0) - TEXT)
    hits.literal.push(found[at + 1] ?? 0)
    hits.lineFeeds.push(found[at + 2] ?? 0)
  }
}

/** As the build has computed them, where it knows these literals: computing takes a tenth of a second. */
function fragmentsOf(literals: readonly string[]): Fragments {
  return (readyFragments === null ? null : unpackFragments(readyFragments, literals)) ?? spreadFragments(literals)
}

function layTables(view: DataView, literals: readonly string[]): void {
  const { fragments, tables } = fragmentsOf(literals)
  new Uint8Array(view.buffer).set(tables, 0)
  let address = LITERALS
  for (const [index, fragment] of fragments.entries()) {
    const literal = literals[index] ?? ''
    for (let at = 0; at < literal.length; at += 1) view.setUint8(address + at, literal.charCodeAt(at))
    layEntry(view, index, fragment, literal, address)
    address += literal.length
  }
}

function layEntry(view: DataView, index: number, { bytes, place, elsewhere }: Fragment, literal: string, address: number): void {
  const head = HEADS + 2 * (Math.imul(word(literal, place) & 0xffffff, 0x9e3779b1) >>> 20)
  const at = ENTRIES + ENTRY * (index + 1)
  view.setUint32(at, word(literal, place), true)
  view.setUint32(at + 4, bytes.length === 3 ? 0xffffff : 0xffffffff, true)
  view.setUint16(at + 8, view.getUint16(head, true), true)
  view.setUint16(at + 10, place, true)
  view.setUint16(at + 12, literal.length, true)
  view.setUint16(at + 14, index, true)
  view.setUint32(at + 16, word(literal, elsewhere), true)
  view.setInt32(at + 20, elsewhere - place, true)
  view.setUint32(at + 24, address, true)
  view.setUint16(head, index + 1, true)
}

/** Up to 4 bytes of a literal as the module loads them. */
function word(literal: string, at: number): number {
  return [0, 1, 2, 3].reduce((sum, k) => sum | ((literal.charCodeAt(at + k) || 0) << (8 * k)), 0)
}
