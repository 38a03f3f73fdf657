import type { LogRecord } from '../model/record.ts'
import type { LineFormat } from './define-format.ts'
import { openFronts } from './fronts/index.ts'
import { plain } from './plain.ts'
import { recordOf } from './record.ts'

/** Lines of a head with a front before it is called one. */
const enough = 2

/**
 * Kernel lines behind fronts that no format list foresees: `[node7] text`, `24.11.2026 07:04:29;node7;text`, `node7 | text`. What the lines are is told by the
 * texts behind the front; it is taken off where records are made, for it may stand inside a known wrapping too.
 */
export const learned: LineFormat = {
  id: 'learned',
  title: 'kernel lines behind a front of their own',
  writtenBy: 'fleet tools, docker compose, spreadsheets, chats, house templates of syslog daemons',
  seen: 'real',
  framing: 'lines',
  sniff: (head) => (frontsIn(head) >= enough ? 'weak' : 'none'),
  decoder: plain.decoder,
}

function frontsIn(head: readonly string[]): number {
  const context = { source: '', host: null }
  const ignore = (_: LogRecord): void => {}
  const fronts = openFronts(ignore)
  for (const [index, text] of head.entries()) {
    const line = { text, number: index + 1, offset: 0 }
    if (text !== '') fronts.push(recordOf(context, line, { width: 0 }, text, text, 1))
  }
  fronts.flush()
  return fronts.count
}
