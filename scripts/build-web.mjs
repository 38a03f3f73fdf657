// Builds dist/web/oom-report.html: the page of src/web/ and its worker in one file that asks for nothing. Called by build.mjs when the library is built.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import zstd from '@bokuweb/zstd-wasm'
import Handlebars from 'handlebars'
import { rolldown } from 'rolldown'
import { compiledTemplates, replacing, templates } from './bundle-plugins.mjs'
import { shortLicencesOf } from './licences.mjs'

/** A kernel's limit, a node, an eviction. */
const examples = [
  { title: 'a container at its limit', sample: 'dmesg/container-limit.txt' },
  { title: 'a node out of memory', sample: 'kernel/6.1-global.txt' },
  { title: 'an evicted pod', sample: 'kubelet/1.31-eviction.log' },
]

/**
 * What Node.js has and a page has not: files of templates (its own are built in), and the web's streams under Node's name (xz-decompress). And what the page
 * never asks for: times printed in a second zone, and what writes YAML in the library that reads it.
 */
const edges = {
  name: 'edges',
  resolveId: (source) => (source === 'stream/web' ? '\0streams' : null),
  load(id) {
    if (id === '\0streams') return 'export const { ReadableStream } = globalThis'
    if (id.endsWith('/src/units/zone-printer.ts')) return 'export const zonePrinter = null'
    if (/\/yaml\/browser\/dist\/(?:stringify\/|parse\/cst-(?:scalar|stringify|visit))/.test(id)) return emptied(id)
    return id.endsWith('/src/render/compiled-here.ts') ? 'export const compiledHere = null' : null
  },
}

/** A module whose exports are there and hold nothing. */
function emptied(id) {
  const [, names = ''] = /export \{([^}]*)\}/.exec(readFileSync(id, 'utf8')) ?? []
  return `const nothing = null; export { ${names.split(',').map((name) => `nothing as ${name.trim()}`)} }`
}

/** One script, that runs by itself. Anything of Node.js in it is an error. */
async function script(input, plugins) {
  const bundle = await rolldown({
    input,
    platform: 'browser',
    plugins: [edges, ...plugins],
    optimization: { inlineConst: true },
    onLog(level, log, handle) {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
      if (level !== 'warn' || !/EVAL|CIRCULAR_DEPENDENCY|INEFFECTIVE/.test(log.code ?? '')) handle(level, log)
    },
  })
  const { output } = await bundle.generate({ format: 'iife', codeSplitting: false, minify: true })
  if (output.length !== 1) throw new Error(`${input} became ${output.length} files`)
  return { code: output[0].code, chunks: output }
}

/** Nothing in a script's text may end its element. In strings, templates and expressions a `<` may be written so; nowhere else does it stand before these. */
function inElement(code) {
  return code.replace(/<(?=\/script|script|!--)/gi, '\\x3C')
}

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The report's own style, which is the same in every report. */
async function reportStyle() {
  const [{ analyze, render }] = await Promise.all([import('../dist/lib/index.js')])
  const html = await render(await analyze(['samples/dmesg/container-limit.txt']), 'html')
  const [, style] = /<style>([^<]*)<\/style>/.exec(html) ?? []
  if (style === undefined || html.includes(' style="')) throw new Error('a report has one style of its own and no other')
  return style
}

export async function buildPage() {
  const { version } = await import('../dist/lib/version.js')
  const texts = examples.map(({ title, sample }) => ({
    title,
    name: sample.slice(sample.indexOf('/') + 1),
    text: readFileSync(`samples/${sample}`, 'utf8'),
  }))
  const given = replacing(
    'web/page/main.ts',
    'declare const EXAMPLES:',
    () => `const EXAMPLES = ${JSON.stringify(texts)}; declare const _:`,
  )
  const style = readFileSync('src/web/page/page.css', 'utf8').replace(/\s+/g, ' ')
  const [page, worker, report] = await Promise.all([
    script('src/web/page/main.ts', [given]),
    script('src/web/page/worker.ts', [compiledTemplates((name) => !/(?:^|\/)fleet|postmortem|jira/.test(name)), templates]),
    reportStyle(),
  ])
  const main = inElement(page.code)
  // page/unpacked.ts unpacks it. At its densest zstd is a tenth smaller than deflate by Zopfli, and sooner done.
  await zstd.init()
  const packed = Buffer.from(zstd.compress(Buffer.from(worker.code), 22)).toString('base64')
  const licences = shortLicencesOf([...page.chunks, ...worker.chunks]).replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)
  const policy = [
    "default-src 'none'",
    `script-src ${hash(main)} 'wasm-unsafe-eval'`,
    'worker-src blob:',
    `style-src ${hash(style)} ${hash(report)}`,
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types oom-report',
  ].join('; ')
  const fill = Handlebars.compile(readFileSync('src/web/page/page.html.hbs', 'utf8'), { noEscape: true, strict: true })
  return fill({ policy, style, worker: packed, script: main, licences, generator: `oom-report ${version}` })
}
