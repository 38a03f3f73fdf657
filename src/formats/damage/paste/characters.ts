/** What web pages, word processors and chats put in the place of ASCII. Ligatures, accents and names in other scripts stay. */
const spaces = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g
/** No word processor parts a number: this is a byte that was damaged, and the digit that it was is lost. */
const damagedDigit = /(?<=\d)\u00ad(?=\d)/g
const replaced: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201a': "'",
  '\u201b': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u201f': '"',
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2015': '-',
  '\u2212': '-',
  '\u2236': ':',
}
const typographic = /[\u2018-\u201f\u2010-\u2015\u2212\u2236]/g
/** Full-width forms of ASCII: `：`, `（`, `＝`. */
const fullWidth = /[\uff01-\uff5e]/g

const foreign = /[\u00a0\u00ad\u1680\u2000-\u2015\u2018-\u201f\u202a-\u202f\u205f-\u2064\u2212\u2236\u3000\ufeff\uff01-\uff5e]/

export const hasForeignCharacters = (text: string): boolean => foreign.test(text)

export function plainCharacters(text: string): string {
  if (!foreign.test(text)) return text
  return text
    .replace(damagedDigit, '\ufffd')
    .replace(invisible, '')
    .replace(spaces, ' ')
    .replace(typographic, (character) => replaced[character] as string)
    .replace(fullWidth, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
}
