import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { PhrasedReport } from '../../src/model/report.ts'
import { readPaste } from './read.ts'

const folder = 'samples/kernel'
const all = process.env['OOM_REPORT_FULL'] === '1'
const samples = readdirSync(folder).filter((name) => name.endsWith('.txt'))
/** In the normal tier every ninth sample, and two ways to break it. */
const chosen = all ? samples : samples.filter((_, at) => at % 9 === 4)
const seeds = all ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2]

/** Columns that no two lines share, as no program breaks. `end`: what is left at a break. */
function brokenAnywhere(lines: readonly string[], seed: number, end: string): string[] {
  let state = seed
  const column = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return 40 + Math.floor((state / 2 ** 32) * 70)
  }
  return lines.flatMap((line) => {
    const out: string[] = []
    let rest = line
    for (let width = column(); rest.length > width; width = column()) {
      out.push(rest.slice(0, width) + end)
      rest = rest.slice(width)
    }
    return [...out, rest]
  })
}

const questions = ['limit', 'consumer', 'selection'] as const
type Answers = Record<(typeof questions)[number], Set<string>>

function answersOf({ incidents }: PhrasedReport, onlyHigh: boolean): Answers {
  const ids = (question: (typeof questions)[number]): Set<string> =>
    new Set(incidents.flatMap(({ diagnosis }) => (!onlyHigh || diagnosis[question].confidence === 'high' ? [diagnosis[question].id] : [])))
  return { limit: ids('limit'), consumer: ids('consumer'), selection: ids('selection') }
}

const pidsOf = ({ incidents }: PhrasedReport): (number | null)[] => incidents.flatMap(({ kills }) => kills.map(({ victim }) => victim.pid))

const forms = {
  dmesg: (lines: readonly string[]) => lines,
  syslog: (lines: readonly string[]) => lines.map((line) => `Nov 24 07:04:29 app7 kernel: ${line}`),
}

describe.each(chosen)('%s, broken at random columns', (name) => {
  test.each(Object.entries(forms))('%s: no answer is wrong with high, no kill is passed over', async (_, form) => {
    const lines = form(readFileSync(`${folder}/${name}`, 'utf8').trimEnd().split('\n'))
    const whole = await readPaste(`${lines.join('\n')}\n`)
    const right = answersOf(whole, false)
    for (const mark of ['', '> '])
      for (const seed of seeds) {
        const text = `${brokenAnywhere(lines, seed * 7_919 + name.length, seed % 2 === 0 ? ' ' : '')
          .map((line) => mark + line)
          .join('\n')}\n`
        const report = await readPaste(text)
        const sure = answersOf(report, true)
        for (const question of questions)
          for (const id of sure[question]) expect([...right[question]], `${question} behind "${mark}", seed ${seed}`).toContain(id)
        const isSaid = report.findings.some(({ id }) => id === 'seen-not-understood')
        if (!isSaid) expect(pidsOf(report), `kills behind "${mark}", seed ${seed}`).toEqual(expect.arrayContaining(pidsOf(whole)))
      }
  })
})
