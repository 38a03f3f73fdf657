import { IANAZone } from 'luxon'
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
