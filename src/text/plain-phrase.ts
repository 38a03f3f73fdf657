import type { Phrase, PhrasePart } from '../model/diagnosis.ts'
import { bytesText, countText, instantText, percentText, secondsText } from './values.ts'
import { visible } from './visible.ts'

/** The printed text of one part: the same words in every output; what differs is only the marking of code and the escaping. */
export function partText(part: PhrasePart): string {
  if (typeof part === 'string') return part
  if ('bytes' in part) return bytesText(part.bytes)
  if ('instantUs' in part) return instantText(part.instantUs, part.digits)
  if ('code' in part) return visible(part.code)
  if ('seconds' in part) return secondsText(part.seconds)
  if ('percent' in part) return percentText(part.percent)
  return countText(part.count)
}

/**
 * A phrase as one line of plain text: the `headline`, `statement`, `text` and `why` of the JSON. No markup; sizes with binary units,
 * times in UTC, invisible characters made visible (`\x1b`, `<U+202E>`).
 */
export function plainPhrase(phrase: Phrase): string {
  return visible(phrase.map(partText).join(''))
}
