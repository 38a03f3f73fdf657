type Change = (text: string, key: string) => string

/**
 * The value with its strings changed, each by the name of the field that holds it, or whose list does. What holds no changed string stays the same object: a report
 * of a large log is large itself. `inPlace`: lists of these names are changed one by one where they stand, since a hundred thousand kills are not to be in memory twice.
 */
export function withStrings(value: unknown, change: Change, inPlace: ReadonlySet<string> = new Set(), key = ''): unknown {
  if (typeof value === 'string') return change(value, key)
  if (value === null || typeof value !== 'object') return value
  const walk = (inner: unknown, name: string): unknown => withStrings(inner, change, inPlace, name)
  if (!Array.isArray(value)) return walkObject(value as Readonly<Record<string, unknown>>, walk)
  if (!inPlace.has(key)) return walkList(value, key, walk)
  for (let at = 0; at < value.length; at += 1) value[at] = walk(value[at], '')
  return value
}

function walkList(list: readonly unknown[], key: string, walk: (inner: unknown, name: string) => unknown): readonly unknown[] {
  let changed: unknown[] | null = null
  for (let at = 0; at < list.length; at += 1) {
    const walked = walk(list[at], key)
    if (walked === list[at]) continue
    changed ??= [...list]
    changed[at] = walked
  }
  return changed ?? list
}

function walkObject(
  object: Readonly<Record<string, unknown>>,
  walk: (inner: unknown, name: string) => unknown,
): Readonly<Record<string, unknown>> {
  let changed: Record<string, unknown> | null = null
  for (const key of Object.keys(object)) {
    const walked = walk(object[key], key)
    if (walked === object[key]) continue
    changed ??= { ...object }
    changed[key] = walked
  }
  return changed ?? object
}
