import type { Output, OutputNeeds } from './define-output.ts'
import { markdown } from './escape.ts'
import { fitted, printed, tidy } from './fit.ts'
import { mermaidTimeline } from './mermaid.ts'
import { loadTools } from './tools.ts'

/** GitHub takes 65,536 characters in an issue; GitLab more. */
const mostCharacters = 60_000
const cutNote = '\n*Cut here to fit into a ticket; the JSON or HTML report holds the rest.*'

export async function load(needs: OutputNeeds): Promise<Output> {
  const { engine, clock } = await loadTools(needs)
  return {
    id: 'md',
    title: 'Markdown for GitHub and GitLab',
    endings: ['.md', '.markdown'],
    render: (report, options) =>
      fitted(mostCharacters, cutNote, (detail) => {
        const view = printed(report, options, clock, markdown, detail, ({ incidents }) => ({
          incidents: incidents.map((incident) => ({ ...incident, mermaid: options.mermaid ? mermaidTimeline(incident) : null })),
        }))
        return tidy(options.template === null ? engine.fill('report.md', view) : engine.fillOwn(options.template, 'report.md', view))
      }),
  }
}
