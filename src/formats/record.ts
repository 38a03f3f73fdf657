import type { LogRecord } from '../model/record.ts'
import type { WallStamp } from '../model/stamp.ts'
import type { FormatContext, Line } from './define-format.ts'

/** What the front of a line told; what it did not tell is left out. */
export interface Head {
  /** Index in the line of the first character of the text. */
  readonly width: number
  readonly wall?: WallStamp | null
  readonly uptimeUs?: number | null
  readonly writer?: LogRecord['writer']
  readonly identifier?: string | null
  readonly pid?: number | null
  readonly host?: string | null
  readonly bootId?: string | null
  readonly unit?: string | null
  readonly severity?: number | null
  readonly caller?: string | null
  readonly fields?: Readonly<Record<string, string>>
}

export const noFields: Readonly<Record<string, string>> = {}

/** A record from the front of its first line, its text, and the physical lines it stood on. */
export function recordOf(
  context: FormatContext,
  line: Line,
  head: Head,
  message: string,
  raw: string,
  lineCount: number,
  cursor: string | null = null,
): LogRecord {
  return {
    origin: { source: context.source, line: line.number, offset: line.offset, cursor },
    raw,
    lineCount,
    message,
    moment: { wall: head.wall ?? null, outerWall: null, uptimeUs: head.uptimeUs ?? null },
    writer: head.writer ?? 'unknown',
    identifier: head.identifier ?? null,
    pid: head.pid ?? null,
    host: head.host ?? context.host,
    bootId: head.bootId ?? null,
    unit: head.unit ?? null,
    severity: head.severity ?? null,
    caller: head.caller ?? null,
    fields: head.fields ?? noFields,
  }
}

/**
 * Facility and severity of a syslog priority (`<4>`, kmsg's `4,…`). Facility 0 is the kernel itself: /dev/kmsg turns a 0 from user space
 * into 1 (kernel/printk/printk.c, `devkmsg_write`).
 */
export function priorityOf(value: number): { readonly writer: LogRecord['writer']; readonly severity: number } {
  return { writer: value >> 3 === 0 ? 'kernel' : 'userspace', severity: value & 7 }
}

/** `41ab208d-deba-…` or without dashes → 32 hex digits, else `null`. */
export function bootIdOf(text: string | undefined): string | null {
  const id = text?.replaceAll('-', '').toLowerCase()
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) ? id : null
}
