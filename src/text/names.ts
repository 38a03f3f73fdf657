const number = /[ \-_:/#.]?\d{1,9}$/
const hex = /^[0-9a-f]+$/

/** `worker-1` … `worker-600` are one crowd: a trailing number is no name. */
export const stemOf = (name: string): string => name.replace(number, '')

/** `worker` of `worker*`, as a crowd is written. */
export const withoutStar = (name: string): string => (name.endsWith('*') ? name.slice(0, -1) : name)

/** The first twelve digits of a container's id, as docker and crictl print it; any other name whole. */
export const short = (id: string): string => (id.length > 12 && hex.test(id) ? id.slice(0, 12) : id)

/** `node-1` for `node-1.example.internal`; an address stays whole. */
export const shortHost = (host: string): string => (address.test(host) ? host : (host.split('.')[0] ?? host)).toLowerCase()
const address = /^\d+(\.\d+){3}$/

/** `node-1` in `dmesg-node-1.txt`, not in `dmesg-node-12.txt`. Both in lower case. */
export function standsIn(text: string, name: string): boolean {
  const at = text.indexOf(name)
  return at !== -1 && !letter.test(text[at - 1] ?? '') && !letter.test(text[at + name.length] ?? '')
}
const letter = /[a-z0-9]/

/** Whether a line of `key value`, `key:value` or `(key` pairs holds the key as a whole. */
export function holdsKey(text: string, key: string): boolean {
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1))
    if (!before.test(text[at - 1] ?? ' ') && after.test(text[at + key.length] ?? ' ')) return true
  return false
}
const before = /[\w(]/
const after = /[\s:]/
