/** Process ids end at PID_MAX_LIMIT on 64-bit kernels (include/linux/threads.h). */
const mostPid = 4_194_304
/** No machine, cgroup or address space is larger: 2^63 bytes. */
const mostBytes = 2 ** 63

/** Whether a number can be the id of a process: an integer of 1 to 4,194,304. */
export const isPid = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= mostPid

/** A number that a text is, or `null`: never `NaN`, nor one that a double cannot hold exactly. */
export function exactNumber(text: string): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) && Math.abs(value) <= 2 ** 64 ? value : null
}

/** Whether a member of an event or snapshot can hold this number, by the member's name: `pid`, `…Bytes`, anything else must be a number at all. */
function isSane(key: string, value: number): boolean {
  if (!Number.isFinite(value)) return false
  if (key === 'pid' || key === 'tgid') return isPid(value)
  return key.endsWith('Bytes') ? Math.abs(value) <= mostBytes : true
}

/**
 * The same value with `null` for each number that cannot be what its member is; itself when all can. `told` hears which. Quotes are text and are not
 * looked into. The pids of the kernel's kills and of the rows of its task table stay as printed: they keep lines together, and are judged later.
 */
export function withSaneNumbers<T>(value: T, told: (key: string, number: number) => void): T {
  return isBad(value, '') ? (replaced(value, '', told) as T) : value
}

const skipped = new Set(['quotes', 'excerpt', 'quote', 'moment'])
const printed = new Set(['kills', 'tasks'])

/** The key that a member is judged by: within kills and rows a pid is any number. */
const within = (list: string, key: string): string => (printed.has(list) ? (key === 'pid' || key === 'tgid' ? 'printed' : key) : key)

function isBad(value: unknown, key: string, list = ''): boolean {
  if (typeof value === 'number') return !isSane(within(list, key), value)
  if (typeof value !== 'object' || value === null || value instanceof Map || skipped.has(key)) return false
  if (Array.isArray(value)) return value.some((item) => isBad(item, key, printed.has(key) ? key : list))
  for (const name in value) if (isBad((value as Record<string, unknown>)[name], name, list)) return true
  return false
}

function replaced(value: unknown, key: string, told: (key: string, number: number) => void, list = ''): unknown {
  if (typeof value === 'number') {
    if (isSane(within(list, key), value)) return value
    told(key, value)
    return null
  }
  if (typeof value !== 'object' || value === null || value instanceof Map || skipped.has(key)) return value
  if (Array.isArray(value)) return value.map((item) => replaced(item, key, told, printed.has(key) ? key : list))
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaced(member, name, told, list)]))
}
