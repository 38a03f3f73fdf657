// Builds dist/: the library as files with types (tsc), and the bundled command line (rolldown), since start-up time is part of the product.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { precompiledTemplates } from './precompile-templates.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)
process.chdir(root)
rmSync('dist', { recursive: true, force: true })

const tsc = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')
const types = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
if (types.status !== 0) process.exit(types.status ?? 1)

/** The bundle gets its templates compiled, so that only Handlebars' runtime loads; the library reads and compiles them from templates/. */
const virtual = '\0precompiled-templates'
const templates = {
  name: 'precompiled-templates',
  resolveId: (source) => (source === virtual ? virtual : null),
  load: (id) => (id === virtual ? precompiledTemplates() : null),
  transform(code, id) {
    if (!id.endsWith('/src/render/templates.ts')) return null
    const own = 'let precompiled: Precompiled | null = null'
    if (!code.includes(own)) throw new Error('render/templates.ts no longer holds the line that the bundle replaces')
    return {
      code: `import { templates as ready } from '${virtual}'\n${code.replace(own, 'let precompiled: Precompiled | null = ready as unknown as Precompiled')}`,
      map: null,
    }
  },
}

/** The bundle also knows where in the extractors' literals to look: choosing that takes some hundredths of a second. */
const grams = {
  name: 'ready-grams',
  async transform(code, id) {
    if (!id.endsWith('/src/scan/ready-grams.ts')) return null
    const own = 'PackedGrams | null = null'
    if (!code.includes(own)) throw new Error('scan/ready-grams.ts no longer holds the line that the bundle replaces')
    const [{ extractors }, { literalsOf }, { packGrams }] = await Promise.all(
      ['extract/index.js', 'scan/gate.js', 'scan/ready-grams.js'].map((file) => import(`../dist/lib/${file}`)),
    )
    return { code: code.replace(own, `PackedGrams | null = ${JSON.stringify(packGrams(literalsOf(extractors).all))}`), map: null }
  },
}

const bundle = await rolldown({
  input: {
    cli: 'src/cli.ts',
    'batch-worker': 'src/batch/worker.ts',
    'search-worker': 'src/scan/search-worker.ts',
    'decode-worker': 'src/input/codecs/decode-worker.ts',
  },
  platform: 'node',
  // tinypool starts a worker file of its own that lies beside it: it stays a package.
  external: [/^node:/, 'tinypool'],
  plugins: [templates, grams],
  resolve: { conditionNames: ['node', 'import', 'default'] },
  onLog: (level, log, handle) => (level === 'warn' && /EVAL|CIRCULAR_DEPENDENCY/.test(log.code ?? '') ? undefined : handle(level, log)),
})
const { output } = await bundle.write({
  dir: 'dist/cli',
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  minify: true,
})
chmodSync('dist/cli/cli.js', 0o755)
writeFileSync('dist/cli/THIRD-PARTY-LICENSES.txt', licences(output))

/** The licence texts of every package that the bundle holds. */
function licences(chunks) {
  const names = new Set(
    chunks
      .flatMap((c) => c.moduleIds ?? [])
      .map((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1])
      .filter(Boolean),
  )
  return [...names]
    .sort()
    .map((name) => {
      const dir = path.join('node_modules', name)
      const { version, license } = JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8'))
      const file = readdirSync(dir).find((f) => /^licen[cs]e/i.test(f))
      const text =
        file !== undefined && existsSync(path.join(dir, file)) ? readFileSync(path.join(dir, file), 'utf8').trim() : `Licence: ${license}`
      return `${name} ${version}\n\n${text}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}

mkdirSync('dist', { recursive: true })
console.log(
  `built dist/: ${output.length} files in the bundle, ${(output.reduce((n, c) => n + (c.code?.length ?? 0), 0) / 1024).toFixed(0)} KiB`,
)
