/** `(...snipped...)`, `...`, `[...]`, `[snip]`, `<cut>`, `…`: somebody left lines out of what he pasted. */
const elision = /^(?:\.{3,40}|…)? ?(?:snip(?:ped|s)?|cut|skipped|omitted|truncated|many (?:more )?lines?|etc)? ?(?:\.{3,40}|…)?$/i

export function isElision(text: string): boolean {
  // Most lines of a report end in a figure, and none of these does.
  const last = text.charCodeAt(text.length - 1)
  if (last >= 0x30 && last <= 0x39) return false
  // A blank line of any length costs nothing, and what is longer is no mark.
  const plain = text.length > 400 ? '' : text.trim()
  return (
    plain.length >= 1 &&
    plain.length <= 40 &&
    /\.{3}|…|[a-z]{3}/i.test(plain) &&
    elision.test(plain.replace(/[\s()[\]{}<>*-]+/g, ' ').trim())
  )
}
