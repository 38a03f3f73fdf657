import type { Sighting } from '../model/sighting.ts'

/** Whatever a break leaves between two letters: line ends, a quoting mark, indentation. */
const gap = String.raw`(?:[ \t]{0,2}\r?\n[ \t>|]{0,12})?`
const letters = (words: string): string => [...words].map((letter) => (letter === ' ' ? String.raw`[ \t]{0,2}${gap}` : letter)).join(gap)

/** Words of a proof with a line's end somewhere in them. */
const killed = new RegExp(String.raw`\b${letters('Killed process ')}(?<pid>\d+)`, 'g')
const reaped = new RegExp(String.raw`\b${letters('oom_reaper: reaped process ')}(?<pid>\d+)`, 'g')
const oomKilled = new RegExp(String.raw`\b${letters('OOMKilled')}\b`, 'g')

const words = [
  ['killed-process', killed],
  ['reaped', reaped],
  ['oomkilled', oomKilled],
] as const

/**
 * Whether more of the words stand there without blanks and line ends than in one line: the patterns take longer to compile than all the rest of the witness, and
 * next to no text needs them.
 */
function mayBeBroken(text: string): boolean {
  const joined = text.replace(/[\s>|]+/g, '')
  return (
    count(joined, /Killedprocess\d|oom_reaper:reapedprocess\d|OOMKilled/g) >
    count(text, /Killed process \d|oom_reaper: reaped process \d|OOMKilled/g)
  )
}

const count = (text: string, words: RegExp): number => [...text.matchAll(words)].length

/** Proofs whose words a break parted: no line holds them. Looked for in small texts only. */
export function brokenSightings(source: string, text: string): readonly Sighting[] {
  if (!mayBeBroken(text)) return []
  return words.flatMap(([word, pattern]) =>
    [...text.matchAll(pattern)].flatMap((found): Sighting[] => {
      const broken = found[0].trimEnd()
      if (!broken.includes('\n')) return []
      const line = text.slice(0, found.index).split('\n').length
      const from = text.lastIndexOf('\n', found.index) + 1
      const end = text.indexOf('\n', found.index + broken.length)
      const quoted = text.slice(from, end === -1 ? text.length : end)
      const pid = found.groups?.['pid']
      return [{ word, pid: pid === undefined ? null : Number(pid), quote: { source, line, offset: null, cursor: null, text: quoted } }]
    }),
  )
}
