import { viewOf } from '../bytes.ts'

/** An extra field of a member (APPNOTE.TXT 4.5). */
export interface Field {
  readonly id: number
  readonly data: Uint8Array
}

/** NTFS counts tenths of a microsecond from 1601 on. */
const MS_1601_TO_1970 = 11_644_473_600_000

/** With a Unix or NTFS time field it is an instant; DOS time is local time of an unknown zone, read as UTC: a hint like any mtime. ms since the epoch. */
export function modifiedOf(fields: readonly Field[], dosDate: number, dosTime: number): number | null {
  const time = fields.map(fieldTime).find((known) => known !== null) ?? dosMs(dosDate, dosTime)
  return Number.isFinite(time) && time > 0 ? Math.trunc(time) : null
}

function fieldTime({ id, data }: Field): number | null {
  const view = viewOf(data)
  // Info-ZIP's "UT": flags, then seconds, that of the modification first.
  if (id === 0x5455 && data.length >= 5 && (view.getUint8(0) & 1) !== 0) return view.getInt32(1, true) * 1000
  // 4 bytes reserved, then attribute 1 of 24 bytes: modified, accessed, created.
  if (id !== 0x000a || data.length !== 32 || view.getUint16(4, true) !== 1 || view.getUint16(6, true) !== 24) return null
  return (view.getUint32(8, true) + 2 ** 32 * view.getInt32(12, true)) / 10_000 - MS_1601_TO_1970
}

/** Years from 1980 in 7 bits, month, day; hours, minutes, seconds by two. */
const dosMs = (date: number, time: number): number =>
  Date.UTC(1980 + (date >>> 9), ((date >>> 5) & 15) - 1, date & 31, time >>> 11, (time >>> 5) & 63, 2 * (time & 31))
