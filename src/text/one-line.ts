import type { Phrase } from '../model/diagnosis.ts'
import { plainPhrase } from './plain-phrase.ts'
import { code } from './say.ts'
import { visible } from './visible.ts'

/** How much of a name is left, tried in this order until the line fits. */
const nameLengths = [60, 52, 44, 36, 28, 20, 12, 8] as const

/** The phrase within so many characters: only names are shortened, never a number or a word of ours. */
export function oneLine(phrase: Phrase, most: number): Phrase {
  let line = phrase
  for (const length of nameLengths) {
    if (plainPhrase(line).length <= most) break
    line = phrase.map((part) => (typeof part === 'object' && 'code' in part ? code(shortened(part.code, length)) : part))
  }
  return line
}

/** The middle goes: names tell most by their beginnings and ends. */
function shortened(name: string, length: number): string {
  const shown = visible(name)
  if (shown.length <= length) return name
  const tail = Math.floor((length - 1) / 2)
  return `${shown.slice(0, length - 1 - tail)}…${shown.slice(shown.length - tail)}`
}
