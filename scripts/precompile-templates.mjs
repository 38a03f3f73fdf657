// Compiles templates/ ahead of time for the bundled command line, which then loads Handlebars' runtime only.
import { readFileSync } from 'node:fs'
import Handlebars from 'handlebars'

/** A module that exports every template, compiled, by name without its ending. Needs the library to be built: it tells the options. */
export async function precompiledTemplates() {
  const { compileOptions, templateFiles, templateFolder } = await import('../dist/lib/render/templates.js')
  const specs = templateFiles().map((file) => {
    const name = file.slice(0, -'.hbs'.length)
    return `${JSON.stringify(name)}: ${Handlebars.precompile(readFileSync(new URL(file, templateFolder()), 'utf8'), compileOptions(name))}`
  })
  return `export const templates = {\n${specs.join(',\n')}\n}\n`
}
