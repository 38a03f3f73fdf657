import { DateTime, IANAZone } from 'luxon'
import type { ZoneOffset } from '../model/timeline.ts'

/** Offsets of IANA zones by luxon (the ICU data of the runtime). Loaded only where a zone is named: it costs start-up time. */
export const zoneOffset: ZoneOffset = (zone, epochUs) => {
  const found = IANAZone.create(zone)
  if (!found.isValid) return null
  const minutes = found.offset(epochUs / 1000)
  return Number.isNaN(minutes) ? null : minutes
}

/** Whether it is the name of an IANA zone. */
export const isZoneName = (text: string): boolean => !/^[+-]/.test(text) && IANAZone.isValidZone(text)

/** Prints instants (µs since the epoch) in a zone. luxon's precision is milliseconds, so the digits of a second come from the instant itself. */
export const zonePrinter =
  (zone: string) =>
  (epochUs: number, digits: number): string => {
    const at = DateTime.fromMillis(Math.floor(epochUs / 1000), { zone, locale: 'en' })
    if (!at.isValid) return `unknown zone ${zone}`
    const fraction = String(((epochUs % 1_000_000) + 1_000_000) % 1_000_000)
      .padStart(6, '0')
      .slice(0, digits)
    return `${at.toFormat('yyyy-MM-dd HH:mm:ss')}${fraction === '' ? '' : `.${fraction}`} ${at.toFormat('ZZZZ')}`
  }
