import { readFileSync } from 'node:fs'
import type HandlebarsFull from 'handlebars'
import { reasonOf } from '../warnings.ts'
import { compileOptions, type TemplateEngine, TemplateError } from './template-engine.ts'
import { templateFiles, templateFolder } from './template-files.ts'

/** From the files of `templates/`, compiled when they are filled: in the library, and for a user's own template. */
export async function compiledHere(): Promise<TemplateEngine> {
  const full = (await import('handlebars')).default
  return compilingEngine(full.create(), readTemplates())
}

function compilingEngine(engine: typeof HandlebarsFull, texts: Readonly<Record<string, string>>): TemplateEngine {
  const compile = (text: string, name: string): HandlebarsTemplateDelegate => engine.compile(text, compileOptions(name))
  for (const [name, text] of Object.entries(texts)) engine.registerPartial(name, compile(text, name))
  return {
    fill: (name, view) => compile(texts[name] as string, name)(view),
    // a user's own may call any built-in helper
    fillOwn(text, like, view) {
      try {
        return engine.compile(text, { ...compileOptions(like), knownHelpersOnly: false })(view)
      } catch (error) {
        throw new TemplateError(reasonOf(error))
      }
    },
  }
}

/** Ours, by name without `.hbs`; partials are used as `{{> partials/NAME}}`. */
function readTemplates(): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {}
  const folder = templateFolder()
  for (const file of templateFiles()) texts[file.slice(0, -'.hbs'.length)] = readFileSync(new URL(file, folder), 'utf8')
  return texts
}
