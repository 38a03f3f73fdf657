import { describe, expect, it } from 'vitest'
import { readPaste } from './read.ts'

/** `[pod, namespace, container, time, exit]` of each kill. */
async function told(text: string) {
  const { incidents } = await readPaste(text)
  return incidents.flatMap(({ kills, workload }) =>
    kills.map(({ killer, time }) => [killer, workload?.namespace, workload?.pod, workload?.container, time]),
  )
}

const pod = 'mailer-5f7c6d9b4-q8z2w'

describe('a row that names a pod and its end', () => {
  it.each([
    ['keys in any order', `reason=OOMKilled exitCode=137 pod=${pod}\n`, [null, pod, null, null]],
    [
      'with all that is known',
      `namespace=post pod=${pod} container=smtp reason=OOMKilled exit_code=137 finishedAt=2026-11-24T07:04:29Z\n`,
      ['post', pod, 'smtp', '2026-11-24T07:04:29Z'],
    ],
    [
      'started and finished',
      `pod=${pod} lastState=OOMKilled startedAt=2026-11-24T06:00:00Z finishedAt=2026-11-24T07:04:29Z\n`,
      [null, pod, null, '2026-11-24T07:04:29Z'],
    ],
    ['parted by commas', 'pod=queue-0, container=app, reason=OOMKilled, exitCode=137\n', [null, 'queue-0', 'app', null]],
    ['a qualified name', `pod=post/${pod} reason=OOMKilled\n`, ['post', pod, null, null]],
    ['a colon', `${pod}: OOMKilled\n`, [null, pod, null, null]],
    ['a colon and the code', `${pod}: OOMKilled (exit code 137)\n`, [null, pod, null, null]],
    ['a qualified name and a colon', `post/${pod}: OOMKilled\n`, ['post', pod, null, null]],
    ['an arrow', `${pod} → OOMKilled\n`, [null, pod, null, null]],
    ['an item of a list', `- ${pod}: OOMKilled\n`, [null, pod, null, null]],
  ])('%s', async (_, text, wanted) => {
    expect(await told(text)).toEqual([['kernel', ...wanted]])
  })

  it('each item of a list is a kill', async () => {
    expect(await told(`Since noon:\n\n1. ${pod}: OOMKilled\n2. mailer-5f7c6d9b4-7hh4x: OOMKilled\n`)).toHaveLength(2)
  })

  it.each([
    `time="2026-11-24T07:04:29Z" level=warn msg="pod died" reason=OOMKilled exitCode=137 pod=${pod}\n`,
    `ts=2026-11-24T07:04:29Z level=info reason=OOMKilled pod=${pod}\n`,
    `caller=watch.go:41 reason=OOMKilled pod=${pod}\n`,
    `event=alert reason=OOMKilled pod=${pod}\n`,
    `reason=OOMKilled,pod=${pod}\n`,
    `kubectl get pods reason=OOMKilled pod=${pod}\n`,
    `const reason=OOMKilled pod=${pod}\n`,
    'reason=OOMKilled exitCode=137\n',
    'mailer: OOMKilled\n',
    'chapter-3: OOMKilled\n',
    'exit-code-137: OOMKilled\n',
    'out-of-memory: OOMKilled (exit code 137) is what kubectl shows\n',
    `not ${pod} OOMKilled\n`,
    `why was ${pod}: OOMKilled yesterday?\n`,
  ])('is none: %s', async (text) => {
    const { incidents, findings } = await readPaste(text)
    expect(incidents).toEqual([])
    expect(findings.map(({ id }) => id)).toEqual(['seen-not-understood'])
  })

  it.each([`pod=${pod} oomKilled=false reason=Error exitCode=137\n`, `pod="${pod}",reason="OOMKilled"\n`, `${pod}: CrashLoopBackOff\n`])(
    'tells of no death: %s',
    async (text) => {
      const { incidents, findings } = await readPaste(text)
      expect([incidents, findings]).toEqual([[], []])
    },
  )
})
