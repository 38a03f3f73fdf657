const known = new Map<string, string>()
const most = 4096

/**
 * One copy of a text that comes again and again (functions of a stack, cgroup paths). Engines cut a piece out of a line by pointing into it: ten thousand
 * reports would keep ten thousand copies of each line that a name was read from.
 */
export function shared(text: string): string {
  const found = known.get(text)
  if (found !== undefined) return found
  if (known.size >= most) known.clear()
  known.set(text, text)
  return text
}

export const sharedOrNull = (text: string | undefined): string | null => (text === undefined ? null : shared(text))
