import { describe, expect, it } from 'vitest'
import { CGROUP, ID, podOf, underLimit } from '../killed-in-pod.ts'
import { reportOfFiles } from '../report-of-lines.ts'

const ended = (exitCode: number, reason: string) => ({
  containerID: `containerd://${'6b'.repeat(32)}`,
  restartCount: 2,
  state: { running: { startedAt: '2026-11-24T05:10:09Z' } },
  lastState: {
    terminated: {
      exitCode,
      reason,
      startedAt: '2026-11-24T01:00:02Z',
      finishedAt: '2026-11-24T05:10:02Z',
      containerID: `containerd://${ID}`,
    },
  },
})
const consequenceOf = async (files: Readonly<Record<string, string>>) => {
  const { incidents } = await reportOfFiles(files)
  expect(incidents).toHaveLength(1)
  const { id, confidence, statement } = incidents[0]?.diagnosis.consequence ?? { id: '', confidence: '', statement: '' }
  return { answer: `${id}/${confidence}`, statement }
}
const pod = (exitCode: number, reason: string): string => podOf({ mib: 512, status: ended(exitCode, reason) })

describe('a container’s end whose time cannot be held against the kill’s', () => {
  const kernel = underLimit(
    512,
    [
      [4321, 'java', 480],
      [4322, 'sh', 1],
    ],
    968,
    CGROUP,
  )
  it('with the code of a kill it is this one’s', async () => {
    expect((await consequenceOf({ 'dmesg.txt': kernel, 'pod.json': pod(137, 'OOMKilled') })).answer).toBe('container-restarted/high')
  })
  it('with a code of its own it may have come hours later: no `high`', async () => {
    expect((await consequenceOf({ 'dmesg.txt': kernel, 'pod.json': pod(1, 'OOMKilled') })).answer).toBe('reported-late/medium')
  })
})

/** A program's log without stamps beside the status of the only container that ended with such a runtime's code. */
describe('a runtime’s last words without a stamp', () => {
  const node = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n'
  const go = 'fatal error: runtime: out of memory\n\ngoroutine 1 [running]:\n'
  it.each([
    ['Node.js and 134', node, 134],
    ['a newer V8 and 133', node, 133],
    ['Go and 2', go, 2],
  ])('are the container’s that ended with its code: %s', async (_, text, code) => {
    const { answer, statement } = await consequenceOf({ 'app.log': text, 'pod.json': pod(code, 'Error') })
    expect(answer).toBe('container-restarted/medium')
    expect(statement).toContain(`with exit code ${code}, and was restarted`)
  })
  it.each([
    ['of another runtime', node, 2],
    ['that is anybody’s', node, 1],
    ['of a signal', go, 137],
  ])('are nobody’s beside a code %s', async (_, text, code) => {
    expect((await consequenceOf({ 'app.log': text, 'pod.json': pod(code, 'Error') })).answer).toMatch(/^no-kill\//)
  })
  it('are nobody’s where two containers ended so', async () => {
    const other = podOf({ mib: 256, name: 'cart-0', container: 'web', status: ended(134, 'Error') }).replace('0f1e2d3c', '1f1e2d3c')
    const files = { 'app.log': node, 'pod.json': pod(134, 'Error'), 'other.json': other }
    expect((await consequenceOf(files)).answer).toMatch(/^no-kill\//)
  })
})
