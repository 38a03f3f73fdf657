/** The items by their keys, in the order in which keys and items come. */
export function grouped<T, K>(list: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const map = new Map<K, T[]>()
  for (const item of list) {
    const key = keyOf(item)
    const found = map.get(key)
    if (found === undefined) map.set(key, [item])
    else found.push(item)
  }
  return map
}
