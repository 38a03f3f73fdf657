import type { AnyReport } from '../model/report.ts'
import { defaultOptions, type OutputEntry, type OutputOptions } from './define-output.ts'

export type { OutputEntry, OutputOptions } from './define-output.ts'
export { registerPrecompiled, templateFiles, templateFolder } from './templates.ts'

/** Every output, in the order of `--help`. Each loads its own code on demand: a small run must not pay for the page's charts. */
export const outputs: readonly OutputEntry[] = [
  { id: 'text', title: 'terminal summary', endings: [], load: async (needs = {}) => (await import('./text.ts')).load(needs) },
  {
    id: 'md',
    title: 'Markdown for GitHub and GitLab',
    endings: ['.md', '.markdown'],
    load: async (needs = {}) => (await import('./md.ts')).load(needs),
  },
  {
    id: 'html',
    title: 'one self-contained page',
    endings: ['.html', '.htm'],
    load: async (needs = {}) => (await import('./html.ts')).load(needs),
  },
  { id: 'json', title: 'the report as JSON', endings: ['.json'], load: async () => (await import('./json.ts')).json },
  { id: 'ndjson', title: 'an incident a line', endings: ['.ndjson', '.jsonl'], load: async () => (await import('./json.ts')).ndjson },
  { id: 'jira', title: 'Jira wiki markup', endings: ['.jira'], load: async (needs = {}) => (await import('./jira.ts')).load(needs) },
  {
    id: 'ticket',
    title: 'plain text for ticket fields',
    endings: ['.txt'],
    load: async (needs = {}) => (await import('./ticket.ts')).load(needs),
  },
  {
    id: 'postmortem',
    title: 'Markdown in the headings of a postmortem',
    endings: [],
    load: async (needs = {}) => (await import('./postmortem.ts')).load(needs),
  },
]

/** Loads what the options ask for and writes the report in one format. Throws `RangeError` for an unknown id. */
export async function renderReport(report: AnyReport, id: string, options: Partial<OutputOptions> = {}): Promise<string> {
  const all = { ...defaultOptions, ...options }
  const entry = outputs.find((output) => output.id === id)
  if (entry === undefined) throw new RangeError(`unknown format ${id}`)
  return (await entry.load(all)).render(report, all)
}
