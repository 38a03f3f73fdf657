/** `UTC`, `GMT`, `Z`, `+05:30`, `UTC-3`: what needs no zone data. Offsets are those in use on Earth, −12:00 to +14:00. */
const shape = /^(?:UTC|GMT)?(?<sign>[+-])(?<hours>\d{1,2})(?::?(?<minutes>\d{2}))?$/i

export function isFixedOffset(text: string): boolean {
  if (/^(?:UTC|GMT|Z)$/i.test(text)) return true
  const groups = shape.exec(text)?.groups
  if (groups === undefined) return false
  const minutes = Number(groups['minutes'] ?? 0)
  return minutes < 60 && Number(groups['hours']) * 60 + minutes <= (groups['sign'] === '-' ? 12 : 14) * 60
}

/** Minutes east of UTC of such a zone, or `null` for a name. */
export function offsetOfFixed(text: string): number | null {
  if (!isFixedOffset(text)) return null
  const groups = shape.exec(text)?.groups
  if (groups === undefined) return 0
  return (groups['sign'] === '-' ? -1 : 1) * (Number(groups['hours']) * 60 + Number(groups['minutes'] ?? 0))
}

/** Whether a printed zone name is an offset by itself: only the names of UTC are. */
export const isUtcName = (name: string | null): boolean => name !== null && /^(?:UTC|GMT|Z|UCT|Zulu)$/i.test(name)
