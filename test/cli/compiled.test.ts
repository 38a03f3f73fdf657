import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { compiledFolder, keptTwice, openChunks } from '../../src/cli/load.ts'
import { binary, root } from './binary.ts'

const require = createRequire(import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'compiled-'))
const copy = join(folder, 'cli')
const compiled = compiledFolder(copy)
const files = () => readdirSync(compiled).map((name) => join(compiled, name))
const analyze = ['analyze', 'samples/dmesg-iso/container-limit.txt', '--format', 'md']

function run(flags: readonly string[] = [], args: readonly string[] = analyze) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...flags, join(copy, 'cli.js'), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  })
  return { status, signal, stdout, stderr }
}

let built = ''
let expected: ReturnType<typeof run>
beforeAll(async () => {
  built = dirname(await binary())
  cpSync(built, copy, { recursive: true })
  rmSync(compiled, { recursive: true })
  expected = run()
  expect(expected).toMatchObject({ status: 0, stderr: '' })
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  rmSync(compiled, { recursive: true, force: true })
  cpSync(compiledFolder(built), compiled, { recursive: true })
})

test('the build keeps compiled code that this Node takes, and the program does the same with it', () => {
  expect(files().length).toBeGreaterThan(3)
  expect(run()).toEqual(expected)
  const program = `
    const { openChunks, compiledFolder } = require('./load.js')
    const chunks = openChunks(require, __dirname, compiledFolder(__dirname))
    chunks.require('./main.js').main(${JSON.stringify(analyze)}).then(() => {
      const refused = chunks.loaded.filter(({ script }) => script.cachedDataRejected !== false).map(({ name }) => name)
      process.stderr.write(JSON.stringify({ loaded: chunks.loaded.length, refused }))
    })`
  writeFileSync(join(copy, 'asking.js'), program)
  const { stdout, stderr } = spawnSync(process.execPath, [join(copy, 'asking.js')], { cwd: root, encoding: 'utf8' })
  expect(stdout).toBe(expected.stdout)
  expect(JSON.parse(stderr)).toEqual({ loaded: expect.any(Number), refused: [] })
})

describe('without use, and without harm, is compiled code', () => {
  const changed = (change: (bytes: Buffer) => Uint8Array) => {
    for (const file of files()) writeFileSync(file, change(readFileSync(file)))
  }
  /** The code itself, changed in both places. */
  const replaced = (change: (code: Buffer) => Uint8Array) => changed((bytes) => keptTwice(change(bytes.subarray(0, bytes.length / 2))))
  const flipped = (bytes: Buffer, at: number): Buffer => {
    bytes[at] = (bytes[at] ?? 0) ^ 0x55
    return bytes
  }

  test.each([0.0001, 0.2, 0.4, 0.4999, 0.5, 0.6, 0.8, 0.9999])('with a broken byte at %d of its length', (part) => {
    changed((bytes) => flipped(bytes, Math.floor(part * bytes.length)))
    expect(run()).toEqual(expected)
  })

  test.each([0, 1, 2, 3])('cut to %d quarters', (quarters) => {
    changed((bytes) => bytes.subarray(0, (bytes.length * quarters) / 4))
    expect(run()).toEqual(expected)
  })

  test('with nothing but zeros in it, or something else', () => {
    replaced((code) => Buffer.alloc(code.length))
    expect(run()).toEqual(expected)
    replaced(() => Buffer.from('something else'))
    expect(run()).toEqual(expected)
  })

  // V8's own head: a magic number, a hash of its version, the length of the source, a hash of the flags.
  test.each([0, 4, 8, 12])('of another version of V8: its head differs at %d', (at) => {
    replaced((code) => flipped(code, at))
    expect(run()).toEqual(expected)
  })

  test.each([['--no-opt'], ['--max-lazy'], ['--jitless'], ['--stack-size=2000'], ['--max-old-space-size=300']])('under %s', (flag) => {
    // Node itself warns of some.
    expect({ ...run([flag]), stderr: '' }).toEqual(expected)
  })

  test('of other chunks, missing in part, unreadable, or made by another Node', () => {
    const [first, ...others] = files()
    for (const file of others) cpSync(first as string, file)
    expect(run()).toEqual(expected)
    rmSync(first as string)
    expect(run()).toEqual(expected)
    for (const file of others) {
      rmSync(file)
      mkdirSync(file)
    }
    expect(run()).toEqual(expected)
    renameSync(compiled, join(copy, 'compiled', 'v1.2.3-pdp11'))
    expect(run()).toEqual(expected)
  })
})

describe('a chunk loaded with compiled code is as loaded by Node', () => {
  const own = join(folder, 'own')
  const source = (name: string, text: string) => writeFileSync(join(own, name), text)
  beforeAll(() => {
    mkdirSync(join(own, 'chunks'), { recursive: true })
    source('package.json', '{ "type": "commonjs" }')
  })

  test('the same places in stacks', () => {
    source('chunks/throwing.js', 'exports.f=()=>{throw Error("told")};\n\nexports.g = () => { throw Error("told") }')
    type Throwing = { readonly f: () => void; readonly g: () => void }
    const stackOf = (f: () => void): string[] => {
      try {
        f()
        return []
      } catch (error) {
        return (error as Error).stack?.split('\n').slice(0, 2) ?? []
      }
    }
    const ours = openChunks(require, own, null).require('./chunks/throwing.js') as Throwing
    const nodes = require(join(own, 'chunks/throwing.js')) as Throwing
    expect(stackOf(ours.f)).toEqual(stackOf(nodes.f))
    expect(stackOf(ours.g)).toEqual(stackOf(nodes.g))
    expect(stackOf(ours.g)[1]).toContain('throwing.js:3:')
  })

  test('the same names, each module once, in circles too', () => {
    source('chunks/a.js', 'exports.early=1;exports.b=require("./b.js");exports.names=[__filename,__dirname]')
    source('chunks/b.js', 'exports.a=require("./a.js");exports.seen=exports.a.early')
    source('entry.js', 'exports.a=require("./chunks/a.js")')
    type A = { readonly b: { readonly a: A; readonly seen: number }; readonly names: readonly string[] }
    const { require: load, loaded } = openChunks(require, own, null)
    const { a } = load('./entry.js') as { readonly a: A }
    expect(a.b.a).toBe(a)
    expect(a.b.seen).toBe(1)
    expect(a.names).toEqual([join(own, 'chunks/a.js'), join(own, 'chunks')])
    expect(load('./chunks/a.js')).toBe(a)
    expect(loaded.map(({ name }) => name)).toEqual(['entry.js', 'chunks/a.js', 'chunks/b.js'])
  })

  test('modules of Node’s own, whether loaded at once or when they are used', () => {
    source(
      'chunks/uses.js',
      'exports.all=["zlib","os","util","url","crypto","worker_threads","fs/promises","fs","path"].map((id)=>require("node:"+id))',
    )
    const { all } = openChunks(require, own, null).require('./chunks/uses.js') as { readonly all: readonly Record<string, unknown>[] }
    const real = ['zlib', 'os', 'util', 'url', 'crypto', 'worker_threads', 'fs/promises', 'fs', 'path'].map((id) => require(`node:${id}`))
    for (const [index, module] of all.entries()) {
      expect(Object.keys(module)).toEqual(Object.keys(real[index]))
      for (const key of Object.keys(module).filter((name) => typeof real[index][name] === 'function')) {
        expect(module[key]).toBe(real[index][key])
        expect(key in module).toBe(true)
      }
    }
  })
})
