import type { AnyIncident } from '../model/report.ts'
import { plainIncident, plainReport } from '../report/plain.ts'
import type { Render } from './define-output.ts'

/** Bidirectional and C1 controls are escaped, so that printing the JSON to a terminal is safe; its meaning is the same. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

export const escapeUnseen = (json: string): string =>
  json.replace(unseen, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The contract's JSON: the report as it is, keys in the order in which it was assembled. */
export const json: Render = (report) => `${escapeUnseen(JSON.stringify(plainReport(report), null, 2))}\n`

/** One incident a line; empty for a report without incidents. */
export const ndjson: Render = (report) => report.incidents.map((incident) => `${incidentLine(incident)}\n`).join('')

const incidentLine = (incident: AnyIncident): string => escapeUnseen(JSON.stringify(plainIncident(incident)))
