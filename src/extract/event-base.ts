import type { ContainerRef, EventBase } from '../model/event.ts'
import type { Quote } from '../model/origin.ts'
import type { LogRecord } from '../model/record.ts'
import { exactNumber } from '../units/sane.ts'

/** The record as evidence: its physical lines with the place they stood. */
export const quoteOf = (record: LogRecord): Quote => ({ ...record.origin, text: record.raw })

/** What every event of a record has. Further quotes follow the record's own. */
export const baseOf = (record: LogRecord, more: readonly Quote[] = []): EventBase => ({
  moment: record.moment,
  host: record.host,
  bootId: record.bootId,
  writer: record.writer,
  quotes: [quoteOf(record), ...more],
})

const nobody: ContainerRef = { namespace: null, pod: null, podUid: null, container: null, containerId: null }

/** A reference with `null` for whatever the line does not say; `undefined` and the empty string count as not said. */
export function refOf(parts: { readonly [K in keyof ContainerRef]?: string | null | undefined }): ContainerRef {
  const ref: Record<string, string | null> = { ...nobody }
  for (const [key, value] of Object.entries(parts)) ref[key] = value === undefined || value === '' ? null : value
  return ref as unknown as ContainerRef
}

/** A number that a regex found, or `null`: also where it is none (`NaN`) or larger than any. */
export const numberOf = (text: string | undefined): number | null => (text === undefined ? null : exactNumber(text))
