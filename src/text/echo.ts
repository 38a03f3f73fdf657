/**
 * The rule of names that begin with their kind, here and nowhere else: `node-17` is no "node node-17", while `worker-1` is "node worker-1". A name echoes its kind
 * where it begins with the word and no letter goes on: `nodejs` does not.
 */
function echoes(kind: string, name: string): boolean {
  return name.toLowerCase().startsWith(kind.toLowerCase()) && /^[\d._-]/.test(name.slice(kind.length))
}

/** `container app`, `container-1`: for the plain text of the timeline. */
export const kindAndName = (kind: string, name: string): string => (echoes(kind, name) ? name : `${kind} ${name}`)

/** For `say`: text that ends in a kind, without it where the name behind it echoes it: `the log of node ` + `node-17`. Behind an article or an adjective the word stays. */
export function withoutEcho(before: string, name: string): string {
  // Nearly no text ends so, and the pattern looks at all of it.
  const last = before.slice(before.lastIndexOf(' ', before.length - 2) + 1, -1)
  if (!kinds.includes(last.toLowerCase())) return before
  const [all, lead = '', kind = ''] = kindAtEnd.exec(before) ?? []
  return all !== undefined && echoes(kind, name) ? before.slice(0, before.length - all.length) + lead : before
}
/** `log of node `, `Unit `, `The kubelet evicted pod ` */
const kinds = ['node', 'host', 'pod', 'container', 'unit', 'slice', 'job']
const kindAtEnd = new RegExp(String.raw`(^|\b(?:of|in|on|from|for|to|and|kubelet evicted|marked) )(${kinds.join('|')}) $`, 'i')
