/** One argument of a shell command, safe whatever a log put into it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** ` -n shop`, or nothing when the namespace is unknown. */
export const inNamespace = (namespace: string | null): string => (namespace === null ? '' : ` -n ${shellWord(namespace)}`)
