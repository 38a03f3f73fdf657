import { isWithout } from '../../pieces.ts'
import { chooseGrams, firstGrams, type Gram, LEAST_LENGTH, WHOLE } from './grams.ts'
import type { Hits, Needle } from './needle.ts'
import { needleWasm } from './needle.wasm.ts'
import { readyGrams, unpackGrams } from './ready-grams.ts'

/** Where things stand in the module's memory: see needle.wat. */
const TABLE_BYTES = 32_776
const HEADS = TABLE_BYTES
const ENTRIES = 40_968
const LITERALS = 204_800
const HITS = 262_144
const TEXT = 393_216
/** Bytes past the text that may be looked at. */
const BEHIND = 512
const PAGE = 65_536
const ENTRY = 32
const MOST = (LITERALS - ENTRIES) / ENTRY / 4 - 1

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
  readonly masked: { value: number }
  search(from: number, to: number, lowest: number, feeds: number): number
  countLineFeeds(from: number, to: number): number
}

let compiled: WasmModule | null | undefined

/** The needle in WebAssembly with SIMD, or `null` where the engine has none or the literals do not fit its tables. `sampledFrom`: index of the first sampled literal. */
export function openSimdNeedle(literals: readonly string[], sampledFrom = literals.length): Needle | null {
  const size = literals.reduce((sum, literal) => sum + literal.length, 0)
  // No literal may hold a line feed: they are counted beside.
  const plain = literals.every((literal) => literal.length >= LEAST_LENGTH && /^[^\n\x80-\uffff]{1,255}$/.test(literal))
  const fits = plain && literals.length <= MOST && LITERALS + size < HITS
  if (!fits) return null
  compiled ??= compile()
  if (compiled === null) return null
  const module = new WebAssembly.Instance(compiled).exports as Exports
  const memory = new Uint8Array(module.memory.buffer)
  const known = laid.get(literals)
  if (known?.sampledFrom === sampledFrom) {
    memory.set(known.image)
    return needleOf(module, known.tables)
  }
  const tables = layTables(new DataView(module.memory.buffer), literals, sampledFrom)
  laid.set(literals, { sampledFrom, tables, image: memory.slice(0, HITS) })
  return needleOf(module, tables)
}

/** What was laid down for a list of literals: a large file needs two needles, and laying takes as long as searching some megabytes. */
const laid = new WeakMap<readonly string[], { readonly sampledFrom: number; readonly tables: Tables; readonly image: Uint8Array }>()

function compile(): WasmModule | null {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(needleWasm), (character) => character.charCodeAt(0)))
  } catch {
    return null
  }
}

function needleOf({ memory, count, resume, masked, search, countLineFeeds }: Exports, tables: Tables): Needle {
  masked.value = tables.masked
  let table: Uint8Array | null = null
  const use = (wanted: Uint8Array): void => {
    if (table !== wanted) new Uint8Array(memory.buffer).set(wanted)
    table = wanted
  }
  return {
    memory(bytes) {
      const missing = TEXT + bytes + BEHIND - memory.buffer.byteLength
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
      return new Uint8Array(memory.buffer, TEXT, memory.buffer.byteLength - TEXT - BEHIND)
    },
    lineFeeds: (from, to) => countLineFeeds(from + TEXT, to + TEXT),
    search(from, to, hits, ownOnly) {
      use(ownOnly === true ? tables.own : tables.all)
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

/** What the module needs beside the literals' entries. */
interface Tables {
  /** The first entry with a mask, 0 for none. */
  readonly masked: number
  /** Which places may pass: for all literals, and for all that are not sampled. */
  readonly all: Uint8Array
  readonly own: Uint8Array
}

/** Writes the literals' entries. */
function layTables(view: DataView, literals: readonly string[], sampledFrom: number): Tables {
  const all = new Uint8Array(TABLE_BYTES)
  const own = new Uint8Array(TABLE_BYTES)
  let address = LITERALS
  let entry = 0
  let masked = 0
  const ready = readyGrams === null ? null : unpackGrams(readyGrams, literals)
  const chosen = isWithout('grams') ? firstGrams(literals) : (ready ?? chooseGrams(literals))
  for (const [index, { grams, rare }] of chosen.entries()) {
    const literal = literals[index] ?? ''
    for (let at = 0; at < literal.length; at += 1) view.setUint8(address + at, literal.charCodeAt(at))
    for (const gram of grams) {
      entry += 1
      const at = ENTRIES + ENTRY * entry
      const head = HEADS + 2 * (hashOf(gram.bytes) >>> 20)
      view.setUint32(at, gram.bytes, true)
      view.setUint32(at + 4, gram.mask, true)
      view.setUint32(at + 8, wordAt(literal, rare), true)
      view.setInt32(at + 12, rare - gram.place, true)
      view.setUint32(at + 16, address, true)
      view.setUint16(at + 20, gram.mask === WHOLE ? view.getUint16(head, true) : masked, true)
      view.setInt16(at + 22, gram.place, true)
      view.setUint16(at + 24, literal.length, true)
      view.setUint16(at + 26, index, true)
      if (gram.mask === WHOLE) view.setUint16(head, entry, true)
      else masked = entry
      letPass(all, gram)
      if (index < sampledFrom) letPass(own, gram)
    }
    address += literal.length
  }
  return { masked, all, own }
}

/** Marks what the gram may look like in the text: one byte outside of the literal may be anything. */
function letPass(table: Uint8Array, { bytes, mask }: Gram): void {
  const open = [0, 8, 16, 24].find((shift) => ((mask >>> shift) & 255) === 0)
  for (let byte = 0; byte < (open === undefined ? 1 : 256); byte += 1) {
    const hash = hashOf(bytes | (byte << (open ?? 0)))
    const bit = 8 * (hash >>> 17) + ((hash >>> 14) & 31)
    table[bit >>> 3] = (table[bit >>> 3] ?? 0) | (1 << (bit & 7))
  }
}

/** As needle.wat computes it. */
function hashOf(bytes: number): number {
  return Math.imul(bytes, 0x9e3779b1)
}

/** 4 bytes of a literal as the module loads them. */
function wordAt(literal: string, at: number): number {
  return [0, 1, 2, 3].reduce((sum, k) => sum | (literal.charCodeAt(at + k) << (8 * k)), 0)
}
