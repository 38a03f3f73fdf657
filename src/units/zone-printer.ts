import { DateTime } from 'luxon'

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
