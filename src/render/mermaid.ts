import type { IncidentView } from './view/incident.ts'
import { type Block, plainOf } from './view/rich.ts'

const mostRows = 30

/** A `timeline` diagram, only on request: GitHub and GitLab draw it, Jira and mail show its source. */
export function mermaidTimeline(incident: IncidentView): Block | null {
  const rows = incident.timeline.rows.filter(({ us }) => us !== null).slice(0, mostRows)
  if (rows.length === 0) return null
  const lines = rows.map(({ time, text }) => `    ${word(plainOf(time).replace(/:/g, '∶'))} : ${word(plainOf(text))}`)
  return { block: ['timeline', '    title Timeline (UTC)', ...lines], language: 'mermaid' }
}

/** Colons, semicolons, hashes and quotes are mermaid's own; names in a picture may do without. */
const word = (text: string): string =>
  text
    .replace(/[:;#"<>{}`%\\]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 120)
