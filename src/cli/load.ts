import { existsSync, readFileSync } from 'node:fs'
import { constants, Script } from 'node:vm'

/**
 * Loads the built program's chunks with the code that V8 compiled for them when they were built (`scripts/compile-chunks.mjs`): compiling takes longer than
 * analysing a small log. V8 takes code only from its own version under the same flags, and compiles as ever where it takes none. Where there is no compiled
 * code for this Node, Node's own loader does all.
 */
type Require = (id: string) => unknown

/** A chunk as V8 knows it, for who wants to keep its compiled code. */
interface Loaded {
  /** Its path below the folder of the entries. */
  readonly name: string
  readonly script: Script
}

/** Compiled code lies beside the chunks, that of each Node in a folder of its own. `folder`: where the entries lie. */
export function compiledFolder(folder: string): string {
  return `${folder}/compiled/${process.version}-${process.arch}`
}

export function compiledName(chunk: string): string {
  return `${chunk.replace('/', '-')}.bin`
}

/** What an entry takes instead of its own `require`, which is `native`. */
export function chunkRequire(native: Require, folder: string): Require {
  const compiled = compiledFolder(folder)
  if (existsSync(compiled))
    return openChunks(native, folder, compiled).require
    // Node 22.1 and later can keep compiled code between runs, in the system's temporary folder.
  ;(native('node:module') as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.()
  return native
}

/** `compiled`: the folder of the compiled code, or `null`: none is used. */
export function openChunks(
  native: Require,
  folder: string,
  compiled: string | null,
): { readonly require: Require; readonly loaded: readonly Loaded[] } {
  const modules = new Map<string, { exports: unknown }>()
  const loaded: Loaded[] = []
  let from = compiled
  /** `require` for what lies in a part of the folder, `chunks/` or none. */
  const requireIn =
    (part: string): Require =>
    (id) =>
      id.startsWith('./') ? load(part + id.slice(2)) : seldom.has(id) ? whenUsed(() => native(id) as object) : native(id)
  const load = (name: string): unknown => {
    const known = modules.get(name)
    if (known !== undefined) return known.exports
    const filename = `${folder}/${name}`
    const script = compile(filename, from === null ? undefined : keptCode(`${from}/${compiledName(name)}`))
    // Another version or other flags: V8 would refuse all.
    if (script.cachedDataRejected === true) from = null
    loaded.push({ name, script })
    const module = { exports: {} as unknown }
    modules.set(name, module)
    const part = name.slice(0, name.lastIndexOf('/') + 1)
    script.runInThisContext()(module.exports, requireIn(part), module, filename, filename.slice(0, filename.lastIndexOf('/')))
    return module.exports
  }
  return { require: requireIn(''), loaded }
}

const head = '(function(exports,require,module,__filename,__dirname){'

/** As Node's own loader does it. The build leaves nothing but ASCII in a chunk. */
function compile(filename: string, cachedData: Buffer | undefined): Script {
  return new Script(`${head}${readFileSync(filename, 'latin1')}\n})`, {
    filename,
    columnOffset: -head.length,
    ...(cachedData === undefined ? {} : { cachedData }),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
}

/** V8 does not look whether the code is whole, and damaged code crashes: it is kept twice, and taken only where both are the same. */
function keptCode(path: string): Buffer | undefined {
  try {
    const bytes = readFileSync(path)
    const one = bytes.subarray(0, bytes.length / 2)
    return one.equals(bytes.subarray(one.length)) ? one : undefined
  } catch {
    return undefined
  }
}

export function keptTwice(code: Uint8Array): Uint8Array {
  return Buffer.concat([code, code])
}

/** Modules of Node's own that most runs do not use; loading them takes some hundredths of a second. */
const seldom = new Set(['node:crypto', 'node:fs/promises', 'node:os', 'node:url', 'node:util', 'node:worker_threads', 'node:zlib'])

/** Stands for such a module, which is loaded when something of it is used. */
function whenUsed(load: () => object): object {
  let module: object | null = null
  const own = (): object => {
    module ??= load()
    return module
  }
  return new Proxy(
    {},
    {
      get: (_, key) => Reflect.get(own(), key),
      has: (_, key) => Reflect.has(own(), key),
      ownKeys: () => Reflect.ownKeys(own()),
      getOwnPropertyDescriptor(_, key) {
        const told = Reflect.getOwnPropertyDescriptor(own(), key)
        return told && { get: () => Reflect.get(own(), key), enumerable: told.enumerable ?? false, configurable: true }
      },
    },
  )
}
