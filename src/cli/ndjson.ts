import { once } from 'node:events'
import ndjson from 'ndjson'
import type { Report } from '../model/report.ts'

/** Writes an incident a line, fed one by one so that a slow reader holds the writer back. */
export async function writeIncidents(report: Report, to: NodeJS.WritableStream): Promise<void> {
  const lines = ndjson.stringify()
  lines.pipe(to, { end: false })
  for (const incident of report.incidents) if (!lines.write(incident)) await once(lines, 'drain')
  lines.end()
  await once(lines, 'end')
}
