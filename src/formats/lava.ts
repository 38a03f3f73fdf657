import { readIsoStamp } from '../units/stamp.ts'
import type { FormatContext, LineDecoder, LineFormat } from './define-format.ts'
import { recordOf } from './record.ts'
import { judge } from './sniffing.ts'
import { unwrap } from './unwrap.ts'

/** The dispatcher's clock, on UTC though it prints no zone (lava_dispatcher/logger.py: `datetime.utcnow().isoformat()`), who speaks, and what was said. */
const ENTRY =
  /^- \{"dt": "(?<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?)", "lvl": "(?<level>[a-z]+)",(?: "ns": "[^"]*",)? "msg": "(?<text>.*)"\}$/s

/**
 * A test job's log of LAVA: `- {"dt": "2026-11-20T08:21:03.004211", "lvl": "target", "msg": "[ 1260.000000] Out of memory: …"}`. `target` is the board's console, `feedback`
 * another connection to it; what else is said is the dispatcher's.
 */
export const lava: LineFormat = {
  id: 'lava',
  title: 'log of a test job',
  writtenBy: 'LAVA',
  seen: 'documented',
  framing: 'lines',
  sniff: (head) => judge(head, (text) => ENTRY.test(text)),
  decoder: lavaDecoder,
}

function lavaDecoder(context: FormatContext): LineDecoder {
  return {
    push(line, emit) {
      const { at, level, text } = ENTRY.exec(line.text)?.groups ?? {}
      if (at === undefined || text === undefined) return line.text === '' || line.text.startsWith('- {"dt": "')
      if (level !== 'target' && level !== 'feedback') return true
      const wall = readIsoStamp(`${at}Z`, 0, 'received')?.stamp ?? null
      emit(unwrap(recordOf(context, line, { width: 0, ...(wall === null ? {} : { wall }) }, unescaped(text), line.text, 1)))
      return true
    },
    flush() {},
  }
}

/** YAML's double quotes: JSON's, and `\\e`, `\\xNN`. */
function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text.replaceAll('\\e', '\\x1b').replace(/\\x(..)/g, '\\u00$1')}"`) as string
  } catch {
    return text
  }
}
