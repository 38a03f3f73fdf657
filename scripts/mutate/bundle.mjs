// The tests of a room and all they import as plain JavaScript, with a switch for every fault of the room in it. Sources are a module each and are loaded once;
// a test file holds its helpers, so that it can be loaded again by itself: what it works out while it loads is then worked out with the fault.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { faultsOf, withSwitches } from './faults.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const shim = fileURLToPath(new URL('./tests.mjs', import.meta.url))
const ending = '.test.ts'

const filesOf = (folder, end) =>
  readdirSync(resolve(root, folder), { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((name) => name.endsWith(end))
    .sort()

/** All faults of a room, numbered by their place in the list. */
export function faultsOfRoom(room) {
  return filesOf(`src/${room}`, '.ts').flatMap((file) => {
    const code = readFileSync(resolve(root, file), 'utf8')
    return faultsOf(code).map((fault) => ({ file, fault, code }))
  })
}

/**
 * The test files of a room, and those elsewhere whose path holds `also`, written as modules to `into`.
 * @returns {Promise<{ sources: string[], tests: { file: string, module: string }[] }>} sources in order of need
 */
export async function bundleTests(room, into, faults, { skip, also }) {
  const own = filesOf(`test/${room}`, ending)
  const others = also === null ? [] : filesOf('test', ending).filter((file) => also.test(file) && !own.includes(file))
  const files = [...own, ...others].filter((file) => !skip?.test(file))
  const made = await write({ input: files.map((file) => resolve(root, file)), plugins: [plugin(faults, null)] }, into, true)
  const sources = new Map(made.filter(({ path }) => path !== null && !isTest(path)).map(({ path, module }) => [path, module]))
  const tests = []
  for (const [index, file] of files.entries()) {
    const name = `tests${index}`
    const [one] = await write({ input: { [name]: resolve(root, file) }, plugins: [plugin([], sources)] }, resolve(into, name), false)
    tests.push({ file: resolve(root, file), module: one.module })
  }
  return { sources: [...sources.values()], tests }
}

const isTest = (path) => path.startsWith(resolve(root, 'test'))

async function write(options, dir, apart) {
  const bundle = await rolldown({ platform: 'node', logLevel: 'silent', ...options })
  const { output } = await bundle.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].mjs',
    preserveModules: apart,
    preserveModulesRoot: root,
  })
  await bundle.close()
  return output
    .filter(({ type }) => type === 'chunk')
    .map(({ fileName, facadeModuleId }) => ({ path: facadeModuleId, module: resolve(dir, fileName) }))
}

/** With `sources`, what is no test's own is taken from there. */
function plugin(faults, sources) {
  const require = createRequire(resolve(root, 'package.json'))
  const outside = (path) => ({ id: pathToFileURL(path).href, external: true })
  const first = new Map()
  faults.forEach(({ file }, index) => {
    if (!first.has(file)) first.set(file, index)
  })
  return {
    name: 'faults',
    resolveId(id, importer) {
      if (id === 'vitest') return outside(shim)
      if (id.startsWith('node:') || importer === undefined) return null
      if (id.startsWith('.') || id.startsWith('/')) {
        const made = sources?.get(resolve(dirname(importer), id))
        return made === undefined ? null : outside(made)
      }
      try {
        return outside(createRequire(importer).resolve(id))
      } catch {
        return outside(require.resolve(id))
      }
    },
    load(path) {
      if (!path.endsWith('.ts') || path.includes('node_modules')) return null
      const code = readFileSync(path, 'utf8')
      const file = path.slice(root.length)
      const own = faults.filter((one) => one.file === file).map((one) => one.fault)
      const switched = own.length === 0 ? code : withSwitches(code, own, first.get(file))
      const placed = switched
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
      return { code: placed, moduleType: 'ts' }
    },
  }
}
