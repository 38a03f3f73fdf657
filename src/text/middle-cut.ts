/** Names are cut in the middle, since their ends tell most: `cri-containerd-3fa2…9c.scope`. */
export function middleCut(text: string, most: number): string {
  if (text.length <= most) return text
  const tail = Math.floor((most - 1) * 0.6)
  return `${text.slice(0, most - 1 - tail)}…${text.slice(text.length - tail)}`
}
