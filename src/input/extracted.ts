/** Endings of archives, which hold trees; a `.gz` of a single log is none. */
const archive = /\.(?:tar|tgz|txz|tbz2?|tzst|zip|crash)$|\.tar\.\w+$/i

export const isArchiveName = (name: string): boolean => archive.test(name)

/** `case.tar.gz` → `case`: what its extraction is called, as a rule. */
export const extractionOf = (name: string): string => name.replace(/\.(?:tar\.\w+|tar|tgz|txz|tbz2?|tzst|zip|crash)$/i, '')

/** Arguments without the archives whose own extraction is one, too: what is there twice counts once. */
export function withoutExtracted(names: readonly string[]): { readonly kept: readonly number[]; readonly left: readonly number[] } {
  const given = new Set(names)
  const isTwice = (name: string): boolean => isArchiveName(name) && given.has(extractionOf(name))
  const all = names.map((_, at) => at)
  return { kept: all.filter((at) => !isTwice(names[at] as string)), left: all.filter((at) => isTwice(names[at] as string)) }
}
