import type { Output } from './define-output.ts'
import type { DocumentSpec } from './document.ts'

const document =
  (spec: DocumentSpec): Output['load'] =>
  async (needs) =>
    (await import('./document.ts')).load(spec, needs)

/** Every output, in the order of `--help`. Each loads its own code on demand: a small run must not pay for the page's charts. */
export const outputs: readonly Output[] = [
  {
    id: 'md',
    title: 'Markdown',
    about: 'GitHub and GitLab; the first 1,500 characters stand alone',
    endings: ['.md', '.markdown'],
    // GitHub takes 65,536 characters in an issue; GitLab more.
    load: document({ template: 'report.md', escaper: 'markdown', mostCharacters: 60_000 }),
  },
  {
    id: 'html',
    title: 'a page',
    about: 'one self-contained page, no script, no external resource',
    endings: ['.html', '.htm'],
    load: async (needs) => (await import('./html.ts')).load(needs),
  },
  {
    id: 'text',
    title: 'a summary',
    about: 'a terminal summary, at most 15 lines an incident',
    endings: [],
    load: async (needs) => (await import('./text.ts')).load(needs),
  },
  {
    id: 'json',
    title: 'JSON',
    about: 'the whole report ([schema](schema/report.schema.json))',
    endings: ['.json'],
    load: async () => (await import('./json.ts')).json,
    pieces: async () => (await import('./json.ts')).jsonInPieces,
  },
  {
    id: 'ndjson',
    title: 'JSON lines',
    about: 'an incident a line',
    endings: ['.ndjson', '.jsonl'],
    load: async () => (await import('./json.ts')).ndjson,
    pieces: async () => (await import('./json.ts')).ndjsonInPieces,
  },
  {
    id: 'csv',
    title: 'a table',
    about: 'an incident a row, safe in spreadsheets',
    endings: ['.csv'],
    load: async () => (await import('./csv.ts')).csv,
  },
  {
    id: 'jira',
    title: 'Jira',
    about: 'Jira wiki markup',
    endings: ['.jira'],
    // Jira and ServiceNow text fields take about 32,000 characters.
    load: document({ template: 'report.jira', escaper: 'jira', mostCharacters: 30_000 }),
  },
  {
    id: 'ticket',
    title: 'plain text',
    about: 'plain text for ticket fields',
    endings: ['.txt'],
    load: document({ template: 'report.txt', escaper: 'plain', mostCharacters: 30_000 }),
  },
  {
    id: 'postmortem',
    title: 'a postmortem',
    about: 'Markdown in the headings of a postmortem',
    endings: [],
    load: document({ template: 'postmortem.md', escaper: 'markdown', mostCharacters: 60_000 }),
  },
]
