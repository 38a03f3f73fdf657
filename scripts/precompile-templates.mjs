// Compiles templates/ ahead of time for the bundled command line, which then loads Handlebars' runtime only.
import { readFileSync } from 'node:fs'
import Handlebars from 'handlebars'

/** A module that exports the templates of pages or all others, compiled, by name without `.hbs`. Needs the library to be built: it tells the options. */
export async function precompiledTemplates(pages, isWanted = () => true) {
  const { compileOptions } = await import('../dist/lib/render/template-engine.js')
  const { templateFiles, templateFolder } = await import('../dist/lib/render/template-files.js')
  const names = templateFiles().map((file) => file.slice(0, -'.hbs'.length))
  const chosen = names.filter((name) => name.endsWith('.html') === pages && isWanted(name))
  const specs = chosen.map((name) => {
    const file = `${name}.hbs`
    return `${JSON.stringify(name)}: ${slim(Handlebars.precompile(readFileSync(new URL(file, templateFolder()), 'utf8'), compileOptions(name)))}`
  })
  return `export const templates = {\n${specs.join(',\n')}\n}\n`
}

/** Each block of a compiled template brings a look-up for runtimes before 4.6, and tells where in its file it stood: two fifths of its text. */
const lookUp =
  /lookupProperty = container\.lookupProperty \|\| function\(parent, propertyName\) \{\s*if \(Object\.prototype\.hasOwnProperty\.call\(parent, propertyName\)\) \{\s*return parent\[propertyName\];\s*\}\s*return undefined\s*\}/g
const place = /,"loc":\{"start":\{"line":\d+,"column":\d+\},"end":\{"line":\d+,"column":\d+\}\}/g

const slim = (code) => code.replace(lookUp, 'lookupProperty = container.lookupProperty').replace(place, '')
