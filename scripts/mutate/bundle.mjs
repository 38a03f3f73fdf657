// The tests of a room and all they import as plain JavaScript, with a switch for every fault of the room in it.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { faultsOf, withSwitches } from './faults.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const shim = fileURLToPath(new URL('./tests.mjs', import.meta.url))

const filesOf = (folder, ending) =>
  readdirSync(resolve(root, folder), { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((name) => name.endsWith(ending))
    .sort()

/** All faults of a room, numbered by their place in the list. */
export function faultsOfRoom(room) {
  return filesOf(`src/${room}`, '.ts').flatMap((file) => {
    const code = readFileSync(resolve(root, file), 'utf8')
    return faultsOf(code).map((fault) => ({ file, fault, code }))
  })
}

/** Writes a module for each test file of the room to `into`. @returns {Promise<{ file: string, module: string }[]>} */
export async function bundleTests(room, into, faults, skipped) {
  const tests = filesOf(`test/${room}`, '.test.ts').filter((file) => skipped === null || !skipped.test(file))
  const first = new Map()
  faults.forEach(({ file }, index) => {
    if (!first.has(file)) first.set(file, index)
  })
  const bundle = await rolldown({
    input: Object.fromEntries(tests.map((file, index) => [`t${index}`, resolve(root, file)])),
    platform: 'node',
    logLevel: 'silent',
    // Names that the tests print (errors, classes) stay, and modules run when they are first needed, as they do from source.
    plugins: [plugin(faults, first)],
  })
  await bundle.write({ dir: into, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: 'chunk-[hash].mjs' })
  return tests.map((file, index) => ({ file, module: resolve(into, `t${index}.mjs`) }))
}

function plugin(faults, first) {
  const require = createRequire(resolve(root, 'package.json'))
  return {
    name: 'faults',
    resolveId(id, importer) {
      if (id === 'vitest') return { id: pathToFileURL(shim).href, external: true }
      if (id.startsWith('.') || id.startsWith('/') || id.startsWith('node:') || importer === undefined) return null
      try {
        return { id: pathToFileURL(createRequire(importer).resolve(id)).href, external: true }
      } catch {
        return { id: pathToFileURL(require.resolve(id)).href, external: true }
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
