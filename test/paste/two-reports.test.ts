import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { PhrasedReport } from '../../src/model/report.ts'
import { readPaste } from './read.ts'

const folder = 'samples/kernel'
const all = process.env['OOM_REPORT_FULL'] === '1'
const samples = readdirSync(folder).filter((name) => name.endsWith('.txt'))
const pairs = samples.flatMap((name, at) => [7, 19].map((step) => [name, samples[(at + step) % samples.length] as string] as const))
const chosen = all
  ? pairs
  : [
      ...pairs.filter((_, at) => at % 21 === 5),
      ['6.1-arm-cma.txt', 'oom-group-kill-lines-only.txt'] as const,
      ['thread-without-table.txt', '4.12-memory-policy.txt'] as const,
    ]
const questions = ['limit', 'consumer', 'selection'] as const

/** What the kernel said, without who printed it. */
const textsOf = (name: string): string[] =>
  readFileSync(`${folder}/${name}`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\[ *\d+\.\d+\] ?(?:\[ *[TC]\d+\] ?)?/, ''))

/** The lines of two processors as one console has them: by ones, in runs, or the second beginning in the middle of the first. */
function mixed(a: readonly string[], b: readonly string[], how: 'by ones' | 'in runs' | 'late', seed: number): string[] {
  let state = seed
  const run = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return how === 'by ones' ? 1 : 1 + (state % 6)
  }
  const head = how === 'late' ? Math.floor(a.length / 2) : 0
  const out = a.slice(0, head)
  for (let [i, j] = [head, 0]; i < a.length || j < b.length; ) {
    const [own, other] = [run(), run()]
    out.push(...a.slice(i, i + own), ...b.slice(j, j + other))
    i += own
    j += other
  }
  return out.map((text, at) => `[ ${(9000 + at * 0.000011).toFixed(6)}] ${text}`)
}

/** What is right for each process that died. */
const rightFor = (report: PhrasedReport): (readonly [number | null, PhrasedReport['incidents'][number]['diagnosis']])[] =>
  report.incidents.flatMap(({ kills, diagnosis }) => kills.map(({ victim }) => [victim.pid, diagnosis] as const))

test.each(chosen)(
  '%s beside %s on a second processor: nothing wrong with high, no kill passed over, none too many',
  async (first, second) => {
    const [a, b] = [textsOf(first), textsOf(second)]
    const right = new Map([
      ...rightFor(await readPaste(`${mixed(a, [], 'by ones', 1).join('\n')}\n`)),
      ...rightFor(await readPaste(`${mixed(b, [], 'by ones', 1).join('\n')}\n`)),
    ])
    for (const how of ['by ones', 'in runs', 'late'] as const) {
      const report = await readPaste(`${mixed(a, b, how, a.length).join('\n')}\n`)
      for (const [pid, diagnosis] of rightFor(report))
        for (const question of questions)
          if (diagnosis[question].confidence === 'high' && right.has(pid))
            expect(diagnosis[question].id, `${how}, ${pid}`).toBe(right.get(pid)?.[question].id)
      const died = rightFor(report).map(([pid]) => pid)
      expect(
        died.filter((pid, at) => !right.has(pid) || died.indexOf(pid) !== at),
        how,
      ).toEqual([])
      const isSaid = report.findings.some(({ id }) => id === 'seen-not-understood')
      if (!isSaid) expect(died, how).toEqual(expect.arrayContaining([...right.keys()]))
    }
  },
)
