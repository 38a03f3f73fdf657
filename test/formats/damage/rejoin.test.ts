import { describe, expect, test } from 'vitest'
import { joinerFor } from '../../../src/formats/damage/rejoin.ts'
import { formats } from '../../../src/formats/index.ts'
import { all, gunicorn } from '../../paste/fresh.ts'
import { readPaste } from '../../paste/read.ts'

const front = 'Nov 24 07:04:29 app7 kernel: '
const ordinary = `${front}[ 7000.000001] audit: type=1400 audit(1795503869.101:210): apparmor="DENIED" operation="open" profile="snap.chromium" name="/proc/sys/vm/x"`

function cut(line: string, column: number, indent: string): string[] {
  const out: string[] = []
  let rest = line
  for (; rest.length > column; rest = indent + rest.slice(column)) out.push(rest.slice(0, column))
  return [...out, rest]
}

/** Larger than a paste: read line by line, never as a whole. */
function large(column: number, indent: string): string {
  const filler = cut(ordinary, column, indent)
  const lines = Array.from({ length: Math.ceil(560_000 / ordinary.length) }, () => filler).flat()
  return `${[...lines, ...all(gunicorn).flatMap((line) => cut(front + line, column, indent)), ...filler].join('\n')}\n`
}

describe('a large log whose lines were cut at a column', () => {
  test.each([
    [80, ''],
    [80, ' '],
    [80, '\t'],
    [80, '    '],
    [100, '  '],
    [72, '        '],
  ])('%i, and go on behind %j', async (column, indent) => {
    const { incidents } = await readPaste(large(column, indent))
    expect(incidents).toHaveLength(1)
    const victim = incidents[0]?.kills[0]?.victim
    expect(victim).toMatchObject({ pid: 7321, comm: 'gunicorn', oomScoreAdj: 984 })
    expect(victim?.memcg).toBe(/task_memcg=(?<path>[^,]+)/.exec(gunicorn.summary)?.groups?.['path'])
  })
})

describe('a format that knows a few lines of a text only', () => {
  const format = formats.find(({ id }) => id === 'journal-short-unix')
  const register = 'RDX: 0000000000000000 RSI: 0000000000000001'
  const report = [register, 'RIP 0033', register, 'Node 0 hugepages_total=0', register, 'Free swap 0kB and more', register, 'Total swap']
  const joiner = (lines: readonly string[]) => (format === undefined ? undefined : joinerFor(lines, format, false))

  test('the others have the same stamp and are whole', () => {
    expect(joiner(report.map((line, at) => `1795503869.${100 + at} node7 ${line}`))).toBeNull()
  })

  test('rests have none', () => {
    expect(joiner(report.map((line, at) => (at % 2 === 0 ? `1795503869.${100 + at} node7 ${line}` : line)))).not.toBeNull()
  })
})
