import type { Output, OutputNeeds } from './define-output.ts'
import { plain } from './escape.ts'
import { fitted, printed, tidy } from './fit.ts'
import { loadTools } from './tools.ts'

/** Jira and ServiceNow text fields take about 32,000 characters. */
const mostCharacters = 30_000
const cutNote = '\nCut here to fit into a ticket; the JSON or HTML report holds the rest.'

export async function load(needs: OutputNeeds): Promise<Output> {
  const { engine, clock } = await loadTools(needs)
  return {
    id: 'ticket',
    title: 'plain text for ticket fields',
    endings: ['.txt'],
    render: (report, options) =>
      fitted(mostCharacters, cutNote, (detail) => {
        const view = printed(report, options, clock, plain, detail)
        return tidy(options.template === null ? engine.fill('report.txt', view) : engine.fillOwn(options.template, 'report.txt', view))
      }),
  }
}
