// What the build puts into a bundle: templates compiled ahead, and what the extractors' literals come to. Needs the library to be built.
import { precompiledTemplates } from './precompile-templates.mjs'

/** Puts something else in the place of a text of a source file, for the bundle only. `write` gives it, when the library is built. */
export const replacing = (file, own, write) => ({
  name: `replacing in ${file}`,
  async transform(code, id) {
    if (!id.endsWith(`/src/${file}`)) return null
    if (!code.includes(own)) throw new Error(`${file} no longer holds the text that the bundle replaces`)
    const text = await write()
    return { code: code.replace(own, () => text), map: null }
  },
})
const built = (...files) => Promise.all(files.map((file) => import(`../dist/lib/${file}`)))

/** The bundle gets its templates compiled, so that only Handlebars' runtime loads; the library reads and compiles them from templates/. */
export const virtual = { pages: '\0precompiled-templates/pages', others: '\0precompiled-templates/others' }
export const compiledTemplates = (isWanted) => ({
  name: 'precompiled-templates',
  resolveId: (source) => (Object.values(virtual).includes(source) ? source : null),
  load: (id) => (Object.values(virtual).includes(id) ? precompiledTemplates(id === virtual.pages, isWanted) : null),
})
export const templates = replacing('render/templates.ts', 'let precompiled: LoadPrecompiled | null = null', () => {
  const load = (path) => `(await import('${path}')).templates`
  const ready = `async (pages) => ({ ...${load(virtual.others)}, ...(pages ? ${load(virtual.pages)} : {}) }) as unknown as Precompiled`
  return `let precompiled: LoadPrecompiled | null = ${ready}`
})

/** The bundle also knows where in the extractors' literals to look: choosing that takes some hundredths of a second. */
export const grams = replacing('scan/search/ready-grams.ts', 'PackedGrams | null = null', async () => {
  const [{ extractors }, { literalsOf }, { packGrams }] = await built(
    'extract/index.js',
    'scan/line-choice.js',
    'scan/search/ready-grams.js',
  )
  return `PackedGrams | null = ${JSON.stringify(packGrams(literalsOf(extractors).all))}`
})

/** Neither need a small run find out what the extractors' literals come to. */
export const literals = replacing('scan/search/ready-literals.ts', 'ReadyLiterals | null = null', async () => {
  const [{ extractors }, { literalsOf }, { foundOwners }, { literalsText }] = await built(
    'extract/index.js',
    'scan/line-choice.js',
    'scan/dispatch.js',
    'scan/search/ready-literals.js',
  )
  const ready = { extractors: literalsText(extractors), literals: literalsOf(extractors), owners: foundOwners(extractors) }
  return `ReadyLiterals | null = ${JSON.stringify(ready)}`
})
