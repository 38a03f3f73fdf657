import type { AnyReport } from '../model/report.ts'
import { plainIncident, plainReport } from '../report/plain.ts'
import type { Output } from './define-output.ts'

/** Bidirectional and C1 controls are escaped, so that printing the JSON to a terminal is safe; its meaning is the same. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

function stringify(value: unknown, indent: number): string {
  return JSON.stringify(value, null, indent).replace(unseen, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The contract's JSON: the report as it is, keys in the order in which it was assembled. */
export const json: Output = {
  id: 'json',
  title: 'the report as JSON',
  endings: ['.json'],
  render: (report) => `${stringify(plainReport(report), 2)}\n`,
}

/** One incident a line; empty for a report without incidents. */
export const ndjson: Output = {
  id: 'ndjson',
  title: 'an incident a line',
  endings: ['.ndjson', '.jsonl'],
  render: (report) => report.incidents.map((incident) => `${incidentLine(incident)}\n`).join(''),
}

export function incidentLine(incident: AnyReport['incidents'][number]): string {
  return stringify(plainIncident(incident), 0)
}
