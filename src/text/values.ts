/** Numbers in words, the same in every output: binary units, three significant digits, UTC with the digits that the source had. */

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** `536870912` → `512 MiB`, `83449856` → `79.6 MiB`: whole numbers of a unit stand without decimals, so "80 MiB" means exactly that. */
export function bytesText(value: number): string {
  if (!Number.isFinite(value)) return 'not in the log'
  const sign = value < 0 ? '−' : ''
  let size = Math.abs(value)
  let unit = 0
  while (unit < units.length - 1 && (size >= 1024 || (!Number.isInteger(size) && size >= 1023.5))) {
    size /= 1024
    unit += 1
  }
  return `${sign}${threeDigits(size)} ${units[unit]}`
}

function threeDigits(size: number): string {
  if (Number.isInteger(size)) return String(size)
  return size >= 999.5 ? String(Math.round(size)) : size.toPrecision(3)
}

/** The blank in `99 %`, `80 MiB`, `± 0.6 s`: a number and its unit stay together. */
export const blankOfFigure = /(?<=\d) (?=(?:%|[KMGTP]iB|B|ms|s|min|h|d)(?![\w-]))|(?<=[±<]) (?=\d)/g

/** A count with its thousands apart: `8123` → `8,123`. */
export function countText(value: number): string {
  const [whole = '', fraction] = String(value).split('.')
  const grouped = whole.replace(/\B(?=(?:\d{3}){1,7}$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** A share of 1: `0.971` → `97 %`, `0.018` → `1.8 %`; what is not all is never called 100 %, what is not nothing never 0 %. */
export function percentText(share: number): string {
  if (!Number.isFinite(share)) return 'not in the log'
  const percent = share * 100
  if (percent > 0 && percent < 0.1) return '< 0.1 %'
  if (percent < 100 && percent >= 99.5) return `${Math.min(99.9, Math.round(percent * 10) / 10).toFixed(1)} %`
  const oneDigit = Math.abs(percent) < 10 && !Number.isInteger(percent)
  return `${oneDigit ? percent.toFixed(1) : Math.round(percent)} %`
}

/** A length of time: `0.43 s`, `12.6 s`, `40 min`, `3 h 20 min`, `2 d 4 h`. */
export function secondsText(value: number): string {
  if (!Number.isFinite(value)) return 'not in the log'
  const sign = value < 0 ? '−' : ''
  const size = Math.abs(value)
  if (size < 59.95) return `${sign}${shortSeconds(size)} s`
  const total = Math.round(size)
  const [days, hours, minutes, rest] = [Math.floor(total / 86_400), Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60, total % 60]
  if (days > 0) return `${sign}${days} d${hours > 0 ? ` ${hours} h` : ''}`
  if (hours > 0) return `${sign}${hours} h${minutes > 0 ? ` ${minutes} min` : ''}`
  return `${sign}${minutes} min${minutes < 10 && rest > 0 ? ` ${rest} s` : ''}`
}

function shortSeconds(size: number): string {
  if (Number.isInteger(size)) return String(size)
  if (size < 0.001) return size === 0 ? '0' : '< 0.001'
  return String(Number(size.toPrecision(size < 1 ? 2 : 3)))
}

/** An instant in µs since the epoch → `2026-11-24 06:38:45.123456 UTC`, with `digits` digits of a second. */
export function instantText(epochUs: number, digits: number): string {
  const stamp = rfc3339(epochUs, digits)
  return stamp === null ? 'not in the log' : `${stamp.slice(0, 10)} ${stamp.slice(11, -1)} UTC`
}

/** µs since the epoch → `2026-11-24T06:38:45.123456Z`, or `null` outside of years 0–9999. */
export function rfc3339(epochUs: number, digits: number): string | null {
  const ms = Math.floor(epochUs / 1000)
  if (!Number.isFinite(epochUs) || ms < -62_167_219_200_000 || ms > 253_402_300_799_999) return null
  const fraction = String(((epochUs % 1_000_000) + 1_000_000) % 1_000_000)
    .padStart(6, '0')
    .slice(0, digits)
  return `${new Date(ms).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`
}

/** klog prints month and day as digits behind a severity: `I1014 03:12:09.402010` → `10-14 03:12:09`. Other stamps stand as printed, without the second blank of `Mar  7`. */
export function printedTimeText(localTime: string): string {
  const parts = klogStamp.exec(localTime)?.groups
  return parts === undefined ? localTime.replace(/ +/g, ' ') : `${parts['month']}-${parts['day']} ${parts['time']}`
}
const klogStamp = /^[IWEF](?<month>\d\d)(?<day>\d\d) +(?<time>\d\d:\d\d:\d\d)(?:\.\d+)?$/

const stampShape = /^(?<date>\d{4}-\d\d-\d\d)T(?<time>\d\d:\d\d:\d\d)(?:\.(?<fraction>\d{1,9}))?Z$/

/** A time of the report → µs since the epoch and the digits it had; `null` for what is no RFC 3339 UTC time. */
export function instantOf(time: string): { readonly us: number; readonly digits: number } | null {
  const parts = stampShape.exec(time)?.groups
  if (parts === undefined) return null
  const ms = Date.parse(`${parts.date}T${parts.time}Z`)
  if (Number.isNaN(ms)) return null
  const fraction = parts.fraction ?? ''
  return { us: ms * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6) || 0), digits: fraction.length }
}
