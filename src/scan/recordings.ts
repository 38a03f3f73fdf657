import type { InputSource } from '../input/source.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import { warning } from '../warnings.ts'
import { factsOf } from './collector.ts'

/** First bytes of binary records of a host's activity, and what prints them: sysstat's saNN (SYSSTAT_MAGIC 0xd596, sa.h), atop's raw file (MYMAGIC 0xfeedbeef, rawlog.h). */
const KINDS: readonly { readonly bytes: readonly number[]; readonly kind: string; readonly command: (name: string) => string }[] = [
  { bytes: [0x96, 0xd5], kind: 'sysstat', command: (name) => `sadf -d ${name} -- -r -S` },
  { bytes: [0xd5, 0x96], kind: 'sysstat', command: (name) => `sadf -d ${name} -- -r -S` },
  { bytes: [0xef, 0xbe, 0xed, 0xfe], kind: 'atop', command: (name) => `atop -r ${name} -P MEM,SWP,PRM` },
]
/** Text has no such bytes so near to its begin. */
const isBinary = (head: Uint8Array): boolean => head.subarray(0, 64).includes(0)

/** A record of memory over time that is read only when its own program has printed it; `null` for any other file. */
export function recordingEvidence(source: InputSource, head: Uint8Array): SourceEvidence | null {
  const found = KINDS.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte))
  if (found === undefined || !isBinary(head)) return null
  return {
    source: factsOf(source, { format: 'unknown', lines: 0, bytes: source.size ?? 0 }),
    events: [],
    anchors: [],
    snapshots: [],
    warnings: [warning('recording', source.name, null, { kind: found.kind, command: found.command(source.name) })],
  }
}
