import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { describeCorpus } from '../corpus.ts'
import { damages } from './mail.ts'
import { killsIn } from './told.ts'

const folder = 'samples/kernel'
const syslog = (lines: readonly string[]): string[] => lines.map((line) => `Nov 24 07:04:29 app7 kernel: ${line}`)
const all = process.env['OOM_REPORT_FULL'] === '1'
const widths = all ? [60, 64, 66, 68, 70, 72, 74, 76, 78, 80, 84, 90, 100] : [60, 72, 100]

const samples = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => ({ name, lines: readFileSync(join(folder, name), 'utf8').trimEnd().split('\n') }))
/** In the normal tier every sixth, so that each damage meets each era in some. */
const chosen = (list: typeof samples, turn: number): typeof samples => (all ? list : list.filter((_, at) => at % 6 === turn % 6))

describe.each(Object.entries(damages).map(([name, damage], turn) => ({ name, damage, turn })))('$name', ({ name: kind, damage, turn }) => {
  // RFC 2045: a line of quoted-printable has 76 characters at most.
  const possible = widths.filter((width) => width <= 80 || !kind.startsWith('quoted-printable'))
  test.each(possible)('at %i: every kill is read', async (width) => {
    const got: Record<string, string[]> = {}
    const wanted: Record<string, string[]> = {}
    for (const { name, lines } of chosen(samples, turn + width)) {
      for (const [form, own] of Object.entries({ dmesg: lines, syslog: syslog(lines) })) {
        wanted[`${name}, ${form}`] = await killsIn(own.join('\n'))
        got[`${name}, ${form}`] = await killsIn(damage(own, width).join('\n'))
      }
    }
    expect(got).toEqual(wanted)
  })
})

if (all)
  describeCorpus('reports of the corpus', (root) => {
    // What a break does to a name that holds one, or bytes of no text, cannot be undone.
    const plain = (name: string): boolean => !name.includes('-name-') && existsSync(join(root, 'lab', name, 'dmesg.txt'))
    test.each(readdirSync(join(root, 'lab')).filter(plain))('%s', async (name) => {
      const lines = readFileSync(join(root, 'lab', name, 'dmesg.txt'), 'utf8').split('\n')
      const wanted = await killsIn(lines.join('\n'))
      for (const [damage, make] of Object.entries(damages))
        for (const width of [60, 72, 80, 100]) expect(await killsIn(make(lines, width).join('\n')), `${damage} at ${width}`).toEqual(wanted)
    })
  })
