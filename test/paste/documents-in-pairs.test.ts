import { describe, expect, it } from 'vitest'
import { reportOf } from '../report-of.ts'
import { documents } from './documents.ts'
import { readPaste } from './read.ts'

const all = Object.entries(documents)
const gaps = ['', '\n', '\nand this:\n\n']
/** A kernel's line without a date may be the death of which a unit's state tells: nobody can say. */
const areOne = (names: readonly string[]): boolean => names.includes('a unit') && names.includes('a line of a log')
const isFull = process.env['OOM_REPORT_FULL'] === '1'

describe.each(all.map(([name, [first, own]], at) => ({ name, first, own, at })))('$name', ({ name, first, own, at }) => {
  const others = all.flatMap(([other, [second, more]], by) =>
    areOne([name, other]) || other === name ? [] : [{ other, second, more, by }],
  )

  it.each(others)('and $other below it tell of all deaths of both', async ({ second, more, by }) => {
    for (const between of isFull ? gaps : [gaps[(at + by) % gaps.length] as string]) {
      const { incidents } = await readPaste(first + between + second)
      expect(
        incidents.flatMap(({ kills }) => kills),
        `parted by ${JSON.stringify(between)}`,
      ).toHaveLength(own + more)
    }
  })

  // Each stands first, in the middle and last; all pairs of neighbours at some distance.
  const threes = [1, 5, 8].map((step) =>
    [at, (at + step) % all.length, (at + 2 * step + 1) % all.length].map((place) => all[place] as (typeof all)[number]),
  )

  it.each(
    threes.filter((three) => !areOne(three.map(([own]) => own))).map((three) => ({ names: three.map(([own]) => own).join(', '), three })),
  )('three: $names, by themselves and within a bundle', async ({ three }) => {
    const text = three.map(([, [own]]) => own).join(gaps[at % gaps.length])
    const deaths = three.reduce((sum, [, [, count]]) => sum + count, 0)
    const alone = await readPaste(text)
    expect(alone.incidents.flatMap(({ kills }) => kills)).toHaveLength(deaths)
    const within = await reportOf({ 'notes.txt': text, 'version.txt': 'bundle of 2026\n' })
    expect(within.incidents.flatMap(({ kills }) => kills)).toHaveLength(deaths)
  })
})
