import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type HandlebarsFull from 'handlebars'
import type { OutputNeeds } from './define-output.ts'

/** A template as `Handlebars.precompile` wrote it and the bundle evaluated it. */
export type Precompiled = Readonly<Record<string, TemplateSpecification>>

type Runtime = Pick<typeof HandlebarsFull, 'create' | 'template'>

/** Loads the precompiled templates; those of pages only where they are wanted: they are the larger part. */
type LoadPrecompiled = (pages: boolean) => Promise<Precompiled>

/** The build puts in what `scripts/precompile-templates.mjs` writes; without it templates are read from `templates/`. */
let precompiled: LoadPrecompiled | null = null

/** What the build does, for tests. */
export function registerPrecompiled(templates: Precompiled): void {
  precompiled = async () => templates
}

/** Fills templates with a printed view. */
export interface TemplateEngine {
  /** `name` without its ending: `incident.md`. Escaping: HTML templates by the engine's default, the others by the printed view. */
  fill(name: string, view: unknown): string
  /** A user's own template; only where the engine was loaded with `template`. `like` is ours that it stands for. */
  fillOwn(text: string, like: string, view: unknown): string
}

/** Loads the engine: Handlebars' runtime alone where the templates are precompiled, its compiler otherwise or for a user's own template. `pages`: HTML is written, too. */
export async function loadEngine(needs: OutputNeeds, pages: boolean): Promise<TemplateEngine> {
  if (precompiled !== null && (needs.template ?? null) === null) {
    const runtime = (await import('handlebars/runtime.js')).default as unknown as Runtime
    return precompiledEngine(runtime.create() as unknown as typeof HandlebarsFull, await precompiled(pages))
  }
  const full = (await import('handlebars')).default
  return compilingEngine(full.create(), readTemplates())
}

const isHtml = (name: string): boolean => name.endsWith('.html')

function precompiledEngine(engine: typeof HandlebarsFull, specs: Precompiled): TemplateEngine {
  for (const name of Object.keys(specs)) engine.registerPartial(name, engine.template(specs[name] as TemplateSpecification))
  return {
    fill: (name, view) => engine.template(specs[name] as TemplateSpecification)(view),
    fillOwn: () => {
      throw new Error('a template of one’s own needs the template compiler: load the output with `template` set')
    },
  }
}

function compilingEngine(engine: typeof HandlebarsFull, texts: Readonly<Record<string, string>>): TemplateEngine {
  const compile = (text: string, name: string): HandlebarsTemplateDelegate => engine.compile(text, compileOptions(name))
  for (const [name, text] of Object.entries(texts)) engine.registerPartial(name, compile(text, name))
  return {
    fill: (name, view) => compile(texts[name] as string, name)(view),
    // a user's own may call any built-in helper
    fillOwn: (text, like, view) => engine.compile(text, { ...compileOptions(like), knownHelpersOnly: false })(view),
  }
}

/** No helper but the built-in block helpers: templates decide nothing. `noEscape`: the printed view is escaped for its output already. */
export function compileOptions(name: string): CompileOptions {
  return {
    noEscape: !isHtml(name),
    knownHelpers: { if: true, unless: true, each: true, with: true },
    knownHelpersOnly: true,
    preventIndent: true,
  }
}

/** Ours, by name without `.hbs`; partials are used as `{{> partials/NAME}}`. */
function readTemplates(): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {}
  const folder = templateFolder()
  for (const file of templateFiles()) texts[file.slice(0, -'.hbs'.length)] = readFileSync(new URL(file, folder), 'utf8')
  return texts
}

/** The files of `templates/`, relative to it: what `templates eject` writes out. */
export function templateFiles(): readonly string[] {
  return (readdirSync(fileURLToPath(templateFolder()), { recursive: true }) as string[])
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.hbs'))
    .sort()
}

/** `templates/` of the package, wherever this module runs from: source tree, library or bundle. */
export function templateFolder(): URL {
  const folders = ['../../', '../../../', '../', './'].map((up) => new URL(`${up}templates/`, import.meta.url))
  return folders.find((folder) => existsSync(new URL('report.html.hbs', folder))) ?? (folders[0] as URL)
}
