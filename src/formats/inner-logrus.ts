import type { LogRecord } from '../model/record.ts'
import { readLogfmt } from '../text/logfmt.ts'
import { readIsoStamp } from '../units/stamp.ts'

const severities: Readonly<Record<string, number>> = { panic: 0, fatal: 2, error: 3, warning: 4, warn: 4, info: 6, debug: 7, trace: 7 }

/** Severity of a level name of logrus, zap, slog, zerolog … or `null`. */
export function severityOfLevel(level: string | undefined): number | null {
  return level === undefined ? null : (severities[level.toLowerCase()] ?? null)
}

/** `time="2026-11-24T08:36:54.610407994+01:00" level=info msg="…" id=…`: containerd, CRI-O, dockerd, podman, k3s, RKE2. */
export function unwrapLogrus(record: LogRecord): LogRecord | null {
  const { message: text } = record
  if (!text.startsWith('time=') && !text.startsWith('level=') && !text.startsWith('ts=')) return null
  const { pairs } = readLogfmt(text)
  const { time, ts, level, lvl, msg, ...others } = pairs
  if (msg === undefined || (level ?? lvl) === undefined) return null
  const printed = time ?? ts
  const wall = printed === undefined ? null : (readIsoStamp(printed, 0, 'emitted')?.stamp ?? null)
  return {
    ...record,
    message: msg,
    moment: wall === null ? record.moment : { ...record.moment, wall, outerWall: record.moment.wall ?? record.moment.outerWall },
    severity: severityOfLevel(level ?? lvl) ?? record.severity,
    writer: record.writer === 'unknown' ? 'userspace' : record.writer,
    fields: { ...record.fields, ...others },
  }
}
