import type { AnyIncident } from '../model/report.ts'
import { plain, plainIncident } from '../report/plain.ts'
import type { Render } from './define-output.ts'
import { csvField } from './escape.ts'

/** Column by column: sizes are bytes, times RFC 3339 in UTC, what is not known is empty. New columns come last: readers count them. */
const columns: readonly (readonly [string, (incident: AnyIncident) => string | number | null | undefined])[] = [
  ['id', (i) => i.id],
  ['verdict', (i) => plainIncident(i).verdict],
  ['host', (i) => i.host],
  ['firstTime', (i) => i.firstTime],
  ['lastTime', (i) => i.lastTime],
  ['kills', (i) => i.kills.length],
  ['pattern', (i) => i.pattern],
  ['workloadKind', (i) => i.workload?.kind],
  ['namespace', (i) => i.workload?.namespace],
  ['owner', (i) => i.workload?.owner],
  ['pod', (i) => i.workload?.pod],
  ['container', (i) => i.workload?.container],
  ['unit', (i) => i.workload?.unit],
  ['process', (i) => i.kills[0]?.victim.comm],
  ['killer', (i) => i.kills[0]?.killer],
  ['limit', (i) => i.diagnosis.limit.id],
  ['limitConfidence', (i) => i.diagnosis.limit.confidence],
  ['limitBytes', (i) => i.memcg?.limitBytes],
  ['consumer', (i) => i.diagnosis.consumer.id],
  ['consumerConfidence', (i) => i.diagnosis.consumer.confidence],
  ['selection', (i) => i.diagnosis.selection.id],
  ['consequence', (i) => i.diagnosis.consequence.id],
  ['rootCause', (i) => i.rootCause.id],
  ['rootCauseConfidence', (i) => i.rootCause.confidence],
  ['rootCauseStatement', (i) => plain(i.rootCause.statement)],
  ['firstAction', (i) => (i.recommendations[0] === undefined ? null : plain(i.recommendations[0].text))],
  ['headline', (i) => plain(i.headline)],
]

/** RFC 4180 but for plain line feeds, which shell tools want: a header and an incident a row. Every field is quoted, and what a spreadsheet would take for a formula is defused. */
export const csv: Render = (report) => {
  const rows = report.incidents.map((incident) => columns.map(([, value]) => value(incident) ?? ''))
  return [columns.map(([name]) => name), ...rows].map((row) => `${row.map((field) => csvField(String(field))).join(',')}\n`).join('')
}
