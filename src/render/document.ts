import type { OutputNeeds, Render } from './define-output.ts'
import { jira, markdown, plain } from './escape.ts'
import { fitted, printed, sizeOf, tidy } from './fit.ts'
import { mermaidTimeline } from './mermaid.ts'
import { loadTools } from './tools.ts'

const escapers = { markdown, jira, plain } as const

/** A document of text: a template, what escapes its values, and how much its readers' fields take. */
export interface DocumentSpec {
  /** Without `.hbs`. */
  readonly template: string
  readonly escaper: keyof typeof escapers
  readonly mostCharacters: number
}

const cutNote = '\nCut here to fit into a ticket; the JSON or HTML report holds the rest.'

export async function load({ template, escaper, mostCharacters }: DocumentSpec, needs: OutputNeeds): Promise<Render> {
  const { engine, clock } = await loadTools(needs)
  return (report, options) =>
    fitted(mostCharacters, cutNote, sizeOf(report), (detail) => {
      const view = printed(report, options, clock, escapers[escaper], detail, ({ incidents }) => ({
        incidents: incidents.map((incident) => ({ ...incident, mermaid: options.mermaid ? mermaidTimeline(incident) : null })),
      }))
      return tidy(options.template === null ? engine.fill(template, view) : engine.fillOwn(options.template, template, view))
    })
}
