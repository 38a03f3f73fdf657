import { readIsoStamp } from '../units/stamp.ts'
import { readKernelPrefix } from './kernel-prefix.ts'
import { isFiller } from './prefixed.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'
import { judge } from './sniffing.ts'

// `2023-12-04T10:49:30.127Z In(05) vcpu-5 - Guest: <6>[39291577.009360] text`; before vSphere 7: `2019-…Z| vcpu-0| I125: Guest: <4>[…] text`
const middleShape = /^(?: [A-Z][a-z]\(\d{1,3}\)(?:\[[^\]]{0,20}\])? \S{1,40} - |\| \S{1,40}\| \S{1,12}: )Guest: (?=<|\[)/

/** The stamp is the host's clock, so the guest's may differ. */
function read(text: string): Head | null {
  const found = readIsoStamp(text, 0, 'received')
  const middle = found === null ? null : middleShape.exec(text.slice(found.end))
  if (found === null || middle === null) return null
  const width = found.end + middle[0].length
  return readKernelPrefix(text, width) === null ? null : { width, wall: found.stamp }
}

/** The hypervisor's own lines: of this log, and nothing to read. */
function isOwnLine(text: string): boolean {
  const found = readIsoStamp(text, 0, 'received')
  return found !== null && /^(?: [A-Z][a-z]\(\d{1,3}\)|\| \S{1,40}\| )/.test(text.slice(found.end, found.end + 60))
}

export const hypervisor = prefixedFormat({
  id: 'hypervisor',
  title: 'guest kernel lines in a hypervisor log',
  writtenBy: 'VMware vmware.log',
  seen: 'documented',
  // The log holds much else: a few such lines are enough.
  sniff: (head) => judge(head, (text) => read(text) !== null, 0.05),
  read,
  escapes: 'none',
  filler: (text) => isOwnLine(text) || isFiller(text),
})
