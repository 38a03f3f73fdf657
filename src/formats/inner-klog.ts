import type { LogRecord } from '../model/record.ts'
import type { WallStamp } from '../model/stamp.ts'
import { DIGIT_0 } from '../units/characters.ts'
import { stampOf } from '../units/stamp.ts'

export interface KlogHeader {
  readonly wall: WallStamp
  readonly severity: number
  /** Called thread id, but it is the process id (klog.go, `formatHeader`). */
  readonly pid: number
  /** `server.go:484`. */
  readonly caller: string
  readonly end: number
}

// `I0114 18:02:17.686538    3044 kuberuntime_container.go:661] ` (klog, and glog before 1.13)
const shape =
  /^(?<level>[IWEF])(?<month>\d\d)(?<day>\d\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)\.(?<fraction>\d{1,9}) +(?<pid>\d{1,10}) (?<caller>[^\s:\]]{1,120}:-?\d{1,7})\] ?/
const severities: Readonly<Record<string, number>> = { I: 6, W: 4, E: 3, F: 2 }

/** The header of a text, or `null`. Its stamp has no year and no zone: the local time of the process, which in a container is UTC. */
export function readKlogHeader(text: string): KlogHeader | null {
  const digit = text.charCodeAt(1)
  if (digit < DIGIT_0 || digit > 0x31) return null
  const found = shape.exec(text)
  const g = found?.groups
  if (found === null || g === undefined) return null
  const stampEnd = 14 + 1 + (g['fraction'] as string).length
  const wall = stampOf(
    text.slice(0, stampEnd),
    {
      year: null,
      month: Number(g['month']),
      day: Number(g['day']),
      hour: Number(g['hour']),
      minute: Number(g['minute']),
      second: Number(g['second']),
      fraction: g['fraction'] as string,
      offsetMinutes: null,
      zoneName: null,
    },
    'emitted',
  )
  if (wall === null) return null
  return {
    wall,
    severity: severities[g['level'] as string] as number,
    pid: Number(g['pid']),
    caller: g['caller'] as string,
    end: found[0].length,
  }
}

/** klog inside another wrapping: its own stamp is the better one. */
export function unwrapKlog(record: LogRecord): LogRecord | null {
  const header = readKlogHeader(record.message)
  if (header === null) return null
  return {
    ...record,
    message: record.message.slice(header.end),
    moment: { ...record.moment, wall: header.wall, outerWall: record.moment.wall ?? record.moment.outerWall },
    severity: header.severity,
    // A Go program wrote it, whatever it quotes.
    writer: record.writer === 'unknown' ? 'userspace' : record.writer,
    pid: record.pid ?? header.pid,
    fields: { ...record.fields, caller: header.caller },
  }
}
