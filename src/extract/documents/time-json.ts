import type { DocumentReader } from '../define-extractor.ts'
import { readJsonStream } from './json-tree.ts'
import { newFacts } from './page.ts'
import { child, quoterOf, textOf, toldOf } from './tree.ts'

/** `{"timezone":"America/New_York","ntp_synchronized":true,"ntp_active":true}`: troubleshoot's `host-collectors/system/time.json`. */
export const timeJson: DocumentReader = {
  id: 'time-json',
  title: 'Time zone of a host as JSON',
  writtenBy: 'troubleshoot host collector',
  seen: 'documented',
  sniff: (head) => (/^\s*\{\s*"(?:timezone|ntp_\w+)" ?:/.test(head) && /"timezone" ?: ?"/.test(head) ? 'strong' : 'none'),
  read(document) {
    const facts = newFacts()
    const quoter = quoterOf(document.source, document.text, document.firstLine ?? 1)
    readJsonStream(document.text, {
      object(tree) {
        const zone = child(tree, 'timezone')
        if (textOf(zone) === null) return
        // systemd's own words may follow: `Etc/UTC (UTC, +0000)`
        const told = toldOf(quoter, zone, (text) => /^(?:UTC|GMT|[A-Z]\w+(?:\/[\w+-]+)+)(?=$| \()/.exec(text)?.[0] ?? null)
        const none = { host: null, bootId: null, capturedUs: null, uptimeSeconds: null, bootUs: null, offsetMinutes: null }
        if (told !== null) facts.snapshots.push({ kind: 'clock', source: document.source, ...none, zone: told })
      },
      broken: () => {},
    })
    return facts
  },
}
