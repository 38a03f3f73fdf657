import type { InputSource } from '../input/source.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import { clockAmong, mayHoldClock } from './text/clock-lines.ts'
import { machinesIn, mayBeGathered } from './text/gathered.ts'
import { bytesText } from './text/line-text.ts'
import { relocated } from './text/mended.ts'

/** A text that gathers several machines' output: each machine's lines are read by themselves. `null`: it is no such text. `read` is given one machine's lines at their places. */
export async function readMachines(
  bytes: Uint8Array,
  read: (bytes: Uint8Array) => Promise<readonly SourceEvidence[]>,
): Promise<SourceEvidence[] | null> {
  const text = bytesText(bytes)
  if (!mayBeGathered(text)) return null
  const machines = machinesIn(text)
  if (machines === null) return null
  const all: SourceEvidence[] = []
  for (const { host, lines } of machines) {
    const own = await read(new TextEncoder().encode(lines.join('\n')))
    const places = lines.map((line, at) => ({ text: line, from: at, to: at + 1 }))
    for (const evidence of own.map((each) => relocated(each, places, bytes)))
      all.push({
        ...evidence,
        source: { ...evidence.source, host: evidence.source.host ?? host },
        snapshots: named(evidence.snapshots, host),
      })
  }
  return all
}

/** What tells of a machine and does not name it. */
const named = (snapshots: SourceEvidence['snapshots'], host: string | null): SourceEvidence['snapshots'] =>
  snapshots.map((s) => ('host' in s && s.host === null ? { ...s, host } : s))

/** With the clock that was printed among the lines of a log. */
export function withClockAmong(source: InputSource, bytes: Uint8Array, evidence: SourceEvidence[]): SourceEvidence[] {
  const [main, ...others] = evidence
  if (main === undefined || evidence.some((e) => e.snapshots.some((s) => s.kind === 'clock'))) return evidence
  const text = bytesText(bytes)
  if (!mayHoldClock(text)) return evidence
  const found = clockAmong(source, text.split('\n'))
  return found.length === 0 ? evidence : [{ ...main, snapshots: [...main.snapshots, ...found] }, ...others]
}
