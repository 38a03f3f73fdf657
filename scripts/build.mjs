// Builds dist/: the library as files with types (tsc), and the bundled command line (rolldown), since start-up time is part of the product.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { buildPage } from './build-web.mjs'
import { compiledTemplates, grams, literals, templates, virtual } from './bundle-plugins.mjs'
import { licencesOf } from './licences.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)
process.chdir(root)
rmSync('dist', { recursive: true, force: true })

const tsc = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')
const types = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
if (types.status !== 0) process.exit(types.status ?? 1)

const input = {
  cli: 'src/cli.ts',
  main: 'src/cli/main.ts',
  'batch-worker': 'src/batch/worker.ts',
  'search-worker': 'src/node/search-worker.ts',
  'decode-worker': 'src/node/decode-worker.ts',
}
const entries = new Set(Object.values(input).map((file) => path.join(root, file)))

/** What each module imports at once, and how long it is. */
const imported = new Map()
const lengths = new Map()
const graph = {
  name: 'graph',
  moduleParsed({ id, importedIds, code }) {
    imported.set(id, importedIds)
    lengths.set(id, code?.length ?? 0)
  },
}

/** Whether a module is one of the files or what they import at once. Entries stay by themselves: they do something when they are loaded. */
function needed(files) {
  let all = null
  return (id) => {
    all ??= closure(files.map((file) => (file.startsWith('src/') ? path.join(root, file) : file)))
    return all.has(id) && !entries.has(id)
  }
}

function closure(ids) {
  const all = new Set(ids)
  for (const id of all) for (const other of imported.get(id) ?? []) all.add(other)
  return all
}

/**
 * What a file imports at once, in slices of about one length, each of which needs those before it only. V8 keeps the syntax tree of a whole chunk while it compiles it: of one with all that an
 * analysis needs it takes 7 MiB more, whose pages are 7 % of a small run (1,800 faults; least of 15 turns beside the one chunk).
 */
function slices(name, file, count) {
  let sliceOf = null
  const isIn = (slice) => (id) => {
    sliceOf ??= sliced(inOrder(path.join(root, file)), count)
    return sliceOf.get(id) === slice
  }
  return Array.from({ length: count }, (_, index) => ({ name: `${name}-${index + 1}`, test: isIn(index) }))
}

function sliced(ids, count) {
  const total = ids.reduce((sum, id) => sum + (lengths.get(id) ?? 0), 0)
  let before = 0
  return new Map(
    ids.map((id) => {
      const slice = Math.min(count - 1, Math.floor((count * before) / total))
      before += lengths.get(id) ?? 0
      return [id, slice]
    }),
  )
}

/** Each module behind those that it imports. */
function inOrder(id, seen = new Set()) {
  if (seen.has(id) || entries.has(id)) return []
  seen.add(id)
  return [...(imported.get(id) ?? []).flatMap((other) => inOrder(other, seen)), id]
}

/** Loading a chunk costs as much as compiling some hundred lines: what is needed together is one. What an earlier group has, a later one lacks. */
const groups = [
  { name: 'start', test: needed(['src/cli/main.ts']) },
  { name: 'threads', test: needed(['src/node/search-ahead.ts', 'src/node/search-worker.ts', 'src/node/decode-worker.ts']) },
  ...slices('analysis', 'src/cli/run-analyze.ts', 4),
  { name: 'text-documents', test: needed(['src/render/document.ts', virtual.others, require.resolve('handlebars/runtime.js')]) },
]

const bundle = await rolldown({
  input,
  platform: 'node',
  external: [/^node:/],
  plugins: [compiledTemplates(() => true), templates, grams, literals, graph],
  resolve: { conditionNames: ['node', 'import', 'default'] },
  optimization: { inlineConst: true },
  onLog: (level, log, handle) =>
    level === 'warn' && /EVAL|CIRCULAR_DEPENDENCY|EMPTY_IMPORT_META/.test(log.code ?? '') ? undefined : handle(level, log),
})

const { output } = await bundle.write({
  dir: 'dist/cli',
  // CommonJS loads sooner than modules do.
  format: 'cjs',
  // Node warns of an `import()` in such a script; every Node that we run on can `require` a module.
  dynamicImportInCjs: false,
  entryFileNames: '[name].js',
  codeSplitting: { groups },
  chunkFileNames: 'chunks/[name]-[hash].js',
  minify: true,
})
for (const { fileName } of output) {
  const file = path.join('dist/cli', fileName)
  writeFileSync(file, inAscii(readFileSync(file, 'utf8')))
}
writeFileSync('dist/cli/package.json', '{ "type": "commonjs" }\n')
chmodSync('dist/cli/cli.js', 0o755)
writeFileSync('dist/cli/THIRD-PARTY-LICENSES.txt', licencesOf(output))

/** One byte a character: V8 keeps and reads such a source at half the size. Nothing but strings, templates, expressions and comments holds others. */
function inAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const page = await buildPage()
mkdirSync('dist/web', { recursive: true })
writeFileSync('dist/web/oom-report.html', page)
console.log(
  `built dist/: ${output.length} files in the bundle, ${(output.reduce((n, c) => n + (c.code?.length ?? 0), 0) / 1024).toFixed(0)} KiB; a page of ${(Buffer.byteLength(page) / 1024).toFixed(0)} KiB`,
)
