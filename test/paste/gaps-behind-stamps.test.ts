import { describe, expect, test } from 'vitest'
import { readPaste } from './read.ts'
import { path, report } from './report.ts'

const stamps: Readonly<Record<string, (at: number) => string>> = {
  "the kernel's clock": (at) => `[ 8123.1010${String(at).padStart(2, '0')}]`,
  'a date': () => '[Tue Nov 24 03:14:07 2026]',
  'syslog’s tag': () => 'Nov 24 03:14:07 n7 kernel:',
  'syslog’s tag and the clock': (at) => `Nov 24 03:14:07 n7 kernel: [ 8123.1010${String(at).padStart(2, '0')}]`,
  'a stamp of RFC 3339 with a zone': (at) => `2026-11-24T03:14:07.1010${String(at).padStart(2, '0')}+00:00`,
}
const gaps = [' ', '  ', '   ', '     ', ' '.repeat(20), '\t', '\t\t', ' \t ', '\u00a0\u00a0\u00a0']

describe.each(Object.entries(stamps))('behind %s', (name, stampOf) => {
  test.each(gaps)('%j costs nothing of a report', async (gap) => {
    const { incidents } = await readPaste(report.map((line, at) => `${stampOf(at)}${gap}${line}\n`).join(''))
    expect(incidents).toMatchObject([
      {
        host: name.startsWith('syslog') ? 'n7' : null,
        memcg: { path, limitBytes: 524288 * 1024 },
        diagnosis: { limit: { id: 'container-limit', confidence: 'high' } },
        kills: [{ trigger: { comm: 'kafka' }, victim: { pid: 4021, comm: 'kafka', rank: 1, memcg: path } }],
      },
    ])
  })
})

test("a name's own blanks are its own where the report's lines have none", async () => {
  const lines = report.map(
    (line, at) => `[ 8123.1010${String(at).padStart(2, '0')}] ${line.replace(/^kafka invoked/, '  kafka invoked')}\n`,
  )
  expect(await readPaste(lines.join(''))).toMatchObject({ incidents: [{ kills: [{ trigger: { comm: '  kafka' } }] }] })
})
