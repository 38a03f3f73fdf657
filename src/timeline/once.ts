/** Made for each key when it is first asked for, and kept. */
export function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, { readonly value: V }>()
  return (key) => {
    const kept = made.get(key) ?? { value: make(key) }
    made.set(key, kept)
    return kept.value
  }
}
