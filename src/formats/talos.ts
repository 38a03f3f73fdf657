import { BRACKET_CLOSE } from '../units/characters.ts'
import { readIsoStamp } from '../units/stamp.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'
import { syslogLevel } from './syslog-line.ts'

// `172.20.0.2: kern: warning: [2026-01-12T20:27:31.9Z]: text` (talosctl dmesg; without the node when there is one only)
const shape =
  /^(?:(?<host>[^\s:[\]]+(?::[0-9a-f:]+)?): )?(?<facility>kern|user|daemon|syslog|auth|mail|lpr|cron|local\d): {1,9}(?<level>[a-z]{3,8}): \[(?=\d{4}-)/

function read(text: string): Head | null {
  const match = shape.exec(text)
  const g = match?.groups
  if (!match || !g) return null
  const found = readIsoStamp(text, match[0].length, 'boot-derived')
  if (found === null || text.charCodeAt(found.end) !== BRACKET_CLOSE) return null
  const end = text.startsWith(']: ', found.end) ? found.end + 3 : found.end + 1
  return {
    width: end,
    wall: found.stamp,
    host: g['host'] ?? null,
    writer: g['facility'] === 'kern' ? 'kernel' : 'userspace',
    severity: syslogLevel(g['level'] as string),
  }
}

export const talos = prefixedFormat({
  id: 'talos',
  title: 'Talos Linux kernel log',
  writtenBy: 'talosctl dmesg, talosctl support (dmesg.log)',
  seen: 'documented',
  read,
  escapes: 'none',
})
