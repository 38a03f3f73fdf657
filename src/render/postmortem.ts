import type { Output, OutputNeeds } from './define-output.ts'
import { markdown } from './escape.ts'
import { fitted, printed, tidy } from './fit.ts'
import { loadTools } from './tools.ts'

const mostCharacters = 60_000
const cutNote = '\nCut here to fit into a ticket; the JSON or HTML report holds the rest.'

export async function load(needs: OutputNeeds): Promise<Output> {
  const { engine, clock } = await loadTools(needs)
  return {
    id: 'postmortem',
    title: 'Markdown in the headings of a postmortem',
    endings: [],
    render: (report, options) =>
      fitted(mostCharacters, cutNote, (detail) => {
        const view = printed(report, options, clock, markdown, detail)
        return tidy(
          options.template === null ? engine.fill('postmortem.md', view) : engine.fillOwn(options.template, 'postmortem.md', view),
        )
      }),
  }
}
