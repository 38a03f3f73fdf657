/** The longest beginning that all names share, up to a `/` or the `!` of an archive; empty where they share none, or there is one name. */
export function sharedRoot(names: readonly string[]): string {
  const [first, ...others] = names
  if (first === undefined || others.length === 0) return ''
  let length = first.length
  for (const name of others) {
    let at = 0
    while (at < length && name.charCodeAt(at) === first.charCodeAt(at)) at += 1
    length = at
  }
  const shared = first.slice(0, length)
  return shared.slice(0, Math.max(shared.lastIndexOf('/'), shared.lastIndexOf('!')) + 1)
}
