import type { ClockAnchor } from '../../model/event.ts'
import type { LogRecord } from '../../model/record.ts'

// `rtc_cmos rtc_cmos: setting system clock to 2026-11-24T06:58:40 UTC (1795503520)`, any RTC driver; old: `2013-06-01 12:00:00 UTC (1370088000)`
const rtc = /setting system clock to \d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d UTC \((?<epoch>\d{6,12})\)/
// `audit: type=2000 audit(1795503519.580:1): state=initialized …`, `type=1400 audit(1795503519.580:12): …`
const audit = /\baudit\((?<seconds>\d{9,11})\.(?<millis>\d{3}):\d+\)/

/** The boot clock and the wall clock on one line, said by the kernel itself. */
export function kernelAnchor(record: LogRecord): ClockAnchor | null {
  const { uptimeUs } = record.moment
  if (uptimeUs === null) return null
  const clock = record.message.includes('setting system clock to ') ? rtc.exec(record.message)?.groups?.epoch : undefined
  if (clock !== undefined) return { ...placeOf(record), uptimeUs, wall: { epochUs: Number(clock) * 1e6 }, via: 'rtc' }
  const found = record.message.includes('audit(') ? audit.exec(record.message)?.groups : undefined
  if (found?.seconds === undefined) return null
  return { ...placeOf(record), uptimeUs, wall: { epochUs: Number(found.seconds) * 1e6 + Number(found.millis) * 1e3 }, via: 'audit' }
}

/**
 * The kernel's stamp beside its wrapping's wall clock: a syslog line with `[uptime]`, a journal's kernel entry, `dmesg -T`. The logger reads the line later than the
 * kernel writes it (by seconds when memory is short), so such a pair is never exact; a journal's exact pair, both of journald's own clocks, is the scan room's.
 */
export function recordAnchor(record: LogRecord): ClockAnchor | null {
  const { wall, uptimeUs } = record.moment
  if (wall === null || uptimeUs === null) return null
  return { ...placeOf(record), uptimeUs, wall: { stamp: wall }, via: wall.clock === 'boot-derived' ? 'boot-derived' : 'syslog' }
}

const placeOf = (record: LogRecord) => ({
  source: record.origin.source,
  line: record.origin.line,
  host: record.host,
  bootId: record.bootId,
})
