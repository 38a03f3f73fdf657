/** The known word that a mistyped one stands for, or `null`: at most two letters are wrong, dropped, added or swapped (one in a short word). */
export function nearest(word: string, known: readonly string[]): string | null {
  const wanted = word.toLowerCase()
  const most = wanted.length <= 4 ? 1 : 2
  const ranked = known.map((name) => ({ name, far: distance(wanted, name.toLowerCase()) })).filter(({ far }) => far <= most)
  const first = ranked.sort((a, b) => a.far - b.far)[0]
  if (first !== undefined) return first.name
  const longer = wanted.length < 3 ? [] : known.filter((name) => name.startsWith(wanted) || (name.length > 3 && wanted.startsWith(name)))
  return longer.length === 1 ? (longer[0] ?? null) : null
}

/** " Did you mean --json?", or nothing. */
export function didYouMean(word: string, known: readonly string[], front = ''): string {
  const near = nearest(word, known)
  return near === null ? '' : `. Did you mean ${front}${near}?`
}

/** Edits between two words; two neighbours that changed places are one. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1)
      next.push(least)
    }
    ;[before, row] = [row, next]
  }
  return row[b.length] ?? 0
}
