import { BRACKET_OPEN } from '../units/characters.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'
import { readSpeaker } from './syslog-line.ts'

// short-monotonic `[  859.563319]`, short-delta `[   73.808285 <    0.004754 >]` and, for the first entry, `[   73.803531                ]`
const stampShape = /^\[ {0,6}(?<seconds>\d{1,10})\.(?<micros>\d{6})(?: <[ \d.]{1,20}>| {8,20})?\] (?=\S)/

/** `[  859.563319] host kernel: text`. The stamp of a kernel line is the kernel's own (journald keeps it), that of others is journald's. */
function read(text: string): Head | null {
  if (text.charCodeAt(0) !== BRACKET_OPEN) return null
  const match = stampShape.exec(text)
  const g = match?.groups
  if (!match || !g) return null
  const speaker = readSpeaker(text, match[0].length, false)
  // `[  270.837445] systemd-journald[130]: …` is a line of the kernel's buffer, not of a journal.
  if (speaker === null || (speaker.host === null && speaker.identifier !== 'kernel')) return null
  const { end, ...told } = speaker
  return { width: end, uptimeUs: Number(g['seconds']) * 1_000_000 + Number(g['micros']), ...told }
}

export const journalShortMonotonic = prefixedFormat({
  id: 'journal-short-monotonic',
  title: 'journal with uptime stamps',
  writtenBy: 'journalctl -o short-monotonic, short-delta',
  seen: 'real',
  // Kernel text may look like `host tag: ` now and then (`usb 1-1: `): most of the lines must.
  sniff: verdict,
  read,
  escapes: 'none',
})

function verdict(head: readonly string[]): 'none' | 'weak' | 'strong' {
  const hosts = new Map<string, number>()
  let stamped = 0
  for (const text of head) {
    if (!stampShape.test(text)) continue
    stamped += 1
    const head = read(text)
    if (head === null) continue
    const key = head.host ?? ''
    // A host that names the kernel as the speaker settles it. Programs have a pid; `usb 1-1: ` has none.
    hosts.set(key, (hosts.get(key) ?? 0) + (head.identifier === 'kernel' ? 3 : head.pid === null ? 0 : 1))
  }
  const most = Math.max(0, ...hosts.values())
  return most >= Math.max(3, stamped * 0.7) ? 'strong' : 'none'
}
