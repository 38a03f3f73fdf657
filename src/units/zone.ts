import { IANAZone } from 'luxon'
import type { ZoneOffset } from '../model/timeline.ts'

/** Offsets of IANA zones by luxon (the ICU data of the runtime). Loaded only where a zone is named: it costs start-up time. */
export const zoneOffset: ZoneOffset = (zone, epochUs) => {
  const found = IANAZone.create(zone)
  if (!found.isValid) return null
  const minutes = found.offset(epochUs / 1000)
  return Number.isNaN(minutes) ? null : minutes
}

/** Whether `--timezone` names something: an IANA zone, `UTC`, or a fixed offset. */
export const isZone = (text: string): boolean =>
  /^(?:UTC|GMT|Z)$/i.test(text) || /^(?:UTC|GMT)?[+-]\d{1,2}:?(?:\d{2})?$/.test(text) || IANAZone.isValidZone(text)
