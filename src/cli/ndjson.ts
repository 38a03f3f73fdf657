import { once } from 'node:events'
import ndjson from 'ndjson'
import type { AnyReport } from '../model/report.ts'
import { plainIncident } from '../report/plain.ts'

/** Writes an incident a line, fed one by one so that a slow reader holds the writer back. */
export async function writeIncidents(report: AnyReport, to: NodeJS.WritableStream): Promise<void> {
  const lines = ndjson.stringify()
  lines.pipe(to, { end: false })
  for (const incident of report.incidents) if (!lines.write(plainIncident(incident))) await once(lines, 'drain')
  lines.end()
  await once(lines, 'end')
}
