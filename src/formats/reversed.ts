import type { LineDecoder, LineFormat } from './define-format.ts'
import { openOrder, runsBackwards } from './order.ts'

const known = new Map<LineFormat, LineFormat>()
/** Below this many stamped records a backward step may be chance: programs on two CPUs, two clocks. */
const enough = 6

/** `journalctl -r` and downloads that are newest first: a head whose stamps only go down is read whole and turned round. */
export function turned(format: LineFormat, head: readonly string[]): LineFormat {
  if (format.framing === 'all' || !fallsThroughout(format, head)) return format
  const before = known.get(format)
  if (before !== undefined) return before
  const made: LineFormat = { ...format, framing: 'all', decoder: (context) => turnedDecoder(format.decoder(context)) }
  known.set(format, made)
  return made
}

function fallsThroughout(format: LineFormat, head: readonly string[]): boolean {
  const times: { timeUs: number | null }[] = []
  const decoder = format.decoder({ source: '', host: null })
  const note: Parameters<LineDecoder['flush']>[0] = ({ moment }) => {
    const wall = moment.outerWall ?? moment.wall
    times.push({ timeUs: wall?.epochUs ?? wall?.localUs ?? moment.uptimeUs })
  }
  head.forEach((text, index) => void decoder.push({ text, number: index + 1, offset: 0 }, note))
  decoder.flush(note)
  const stamped = times.filter(({ timeUs }) => timeUs !== null)
  if (stamped.length < enough || !runsBackwards(stamped)) return false
  const up = stamped.filter(({ timeUs }, at) => at > 0 && (timeUs as number) > (stamped[at - 1]?.timeUs as number)).length
  const distinct = new Set(stamped.map(({ timeUs }) => timeUs)).size
  return up === 0 && distinct >= 3
}

function turnedDecoder(inner: LineDecoder): LineDecoder {
  let out: Parameters<LineDecoder['flush']>[0] = () => {}
  const order = openOrder((record) => out(record))
  const take: Parameters<LineDecoder['flush']>[0] = (record) => {
    const wall = record.moment.outerWall ?? record.moment.wall
    order.push({ record, timeUs: wall?.epochUs ?? wall?.localUs ?? record.moment.uptimeUs, sequence: null })
  }
  return {
    push: (line) => inner.push(line, take),
    flush(emit) {
      out = emit
      inner.flush(take)
      order.flush()
    },
  }
}
