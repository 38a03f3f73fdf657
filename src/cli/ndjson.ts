import { once } from 'node:events'
import { Transform } from 'node:stream'
import ndjson from 'ndjson'
import type { AnyReport } from '../model/report.ts'
import { escapeUnseen } from '../render/json.ts'
import { plainIncident } from '../report/plain.ts'

/** Writes an incident a line, fed one by one so that a slow reader holds the writer back. The same bytes as the output `ndjson` gives as one text. */
export async function writeIncidents(report: AnyReport, to: NodeJS.WritableStream): Promise<void> {
  const lines = ndjson.stringify()
  const safe = new Transform({ transform: (line, _, done) => done(null, escapeUnseen(String(line))) })
  lines.pipe(safe).pipe(to, { end: false })
  for (const incident of report.incidents) if (!lines.write(plainIncident(incident))) await once(lines, 'drain')
  lines.end()
  await once(safe, 'end')
}
