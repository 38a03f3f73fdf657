import { expect, test } from 'vitest'
import { readPaste } from './read.ts'
import { path, report } from './report.ts'

const clock = report.map((line, at) => `[ 8123.1010${String(at).padStart(2, '0')}] ${line}`)

test("the first line is of its report in Textile's code, on the mark's line", async () => {
  expect(await readPaste(`bc.. ${clock.join('\n')}\n\np. end\n`)).toMatchObject({
    incidents: [
      { memcg: { path }, diagnosis: { limit: { id: 'container-limit', confidence: 'high' } }, kills: [{ trigger: { comm: 'kafka' } }] },
    ],
  })
})

test('a path of which a viewer left out the middle is no unit', async () => {
  const cut = report
    .filter((line) => !line.startsWith('oom-kill:'))
    .map((line) => line.replace(path, `${path.slice(0, 9)}…${path.slice(-40)}`))
  const text = cut.map((line) => `Nov 24 03:14:07 n7 kernel: ${line}\n`).join('')
  const { incidents } = await readPaste(text)
  expect(incidents).toMatchObject([
    { diagnosis: { limit: { id: 'cgroup-limit', confidence: 'medium' } }, kills: [{ victim: { pid: 4021 } }] },
  ])
  expect(incidents[0]?.memcg?.path ?? null).toBeNull()
})
