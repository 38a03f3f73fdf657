import { DIGIT_0, DIGIT_9 } from '../../units/characters.ts'

/** `(...snipped...)`, `...`, `[...]`, `[snip]`, `<cut>`, `…`, `[... 212 lines skipped ...]`, `+ 48 more rows`: somebody left lines out of what he pasted. */
const elision =
  /^(?:\.{3,40}|…)? ?(?:(?:and |\+ ?)?(?:\d{1,7}|many|some|several) (?:more |other )?(?:lines?|rows?|tasks?|process(?:es)?|entries)(?: (?:were |are )?(?:not shown|left out))?)? ?(?:(?:were |are )?(?:snip(?:ped|s)?|cut|skipped|omitted|removed|elided|truncated)|etc)? ?(?:\.{3,40}|…)?$/i

/** What each of them holds: few lines of a report do, and the pattern takes a millisecond to compile. */
const hint = /\.{3}|…|snip|cut|skip|omit|remov|elid|truncat|etc|line|row|task|process|entr/i

export function isElision(text: string): boolean {
  // Most lines of a report end in a figure, and none of these does.
  const last = text.charCodeAt(text.length - 1)
  if (last >= DIGIT_0 && last <= DIGIT_9) return false
  // A blank line of any length costs nothing, and what is longer is no mark.
  const plain = text.length > 400 ? '' : text.trim()
  return plain.length >= 1 && plain.length <= 40 && hint.test(plain) && elision.test(plain.replace(/[\s()[\]{}<>*-]+/g, ' ').trim())
}
