import type HandlebarsFull from 'handlebars'
import type { OutputNeeds } from './define-output.ts'
import type { TemplateEngine } from './template-engine.ts'

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

/** Loads the engine: Handlebars' runtime alone where the templates are precompiled, its compiler otherwise or for a user's own template. `pages`: HTML is written, too. */
export async function loadEngine(needs: OutputNeeds, pages: boolean): Promise<TemplateEngine> {
  if (precompiled !== null && (needs.template ?? null) === null) {
    const runtime = (await import('handlebars/runtime.js')).default as unknown as Runtime
    return precompiledEngine(runtime.create() as unknown as typeof HandlebarsFull, await precompiled(pages))
  }
  return (await import('./compiled-here.ts')).compiledHere()
}

function precompiledEngine(engine: typeof HandlebarsFull, specs: Precompiled): TemplateEngine {
  for (const name of Object.keys(specs)) engine.registerPartial(name, engine.template(specs[name] as TemplateSpecification))
  return {
    fill: (name, view) => engine.template(specs[name] as TemplateSpecification)(view),
    fillOwn: () => {
      throw new Error('a template of one’s own needs the template compiler: load the output with `template` set')
    },
  }
}
