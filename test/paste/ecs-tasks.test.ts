import { describe, expect, it } from 'vitest'
import { readPaste } from './read.ts'

const word = 'OutOfMemoryError: Container killed due to memory usage'
const app = { name: 'thumbnails', lastStatus: 'STOPPED', exitCode: 137, reason: word, memory: '768', runtimeId: '51c7d0a9e8f7-3344556677' }
const task = (container: object, more: object = {}) => ({
  taskArn: 'arn:aws:ecs:eu-central-1:111122223333:task/media/51c7d0a9e8f7',
  lastStatus: 'STOPPED',
  stoppedReason: 'Essential container in task exited',
  stoppedAt: '2026-11-24T08:04:29+01:00',
  ...more,
  containers: [container, { name: 'proxy', lastStatus: 'STOPPED', exitCode: 0 }],
})
const json = (value: unknown): string => `${JSON.stringify(value, null, 4)}\n`

async function told(text: string) {
  const { incidents } = await readPaste(text)
  return incidents.flatMap(({ kills, workload, memcg }) =>
    kills.map(({ killer, time }) => [killer, workload?.kind, workload?.container, time, memcg?.limitBytes ?? null]),
  )
}
const time = '2026-11-24T07:04:29Z'
const whole = ['kernel', 'container', 'thumbnails', time, null]

describe('a task of ECS whose container the kernel killed', () => {
  it.each([
    ['describe-tasks', json({ tasks: [task(app)], failures: [] })],
    ['below its command', `$ aws ecs describe-tasks --cluster media --tasks 51c7d0a9e8f7\n${json({ tasks: [task(app)] })}`],
    ['EventBridge', json({ 'detail-type': 'ECS Task State Change', source: 'aws.ecs', detail: task(app) })],
    ['Fargate’s spelling', json({ tasks: [task({ ...app, reason: word.replace('Container', 'container') })] })],
    ['seconds, as the first command line prints them', json({ tasks: [task(app, { stoppedAt: Date.parse(time) / 1000 })] })],
    ['the execution ended before the task', json({ tasks: [task(app, { executionStoppedAt: time, stoppedAt: '2026-11-24T07:05:00Z' })] })],
    [
      'YAML',
      `tasks:\n- containers:\n  - exitCode: 137\n    name: thumbnails\n    reason: '${word}'\n  stoppedAt: '2026-11-24T08:04:29+01:00'\n`,
    ],
  ])('%s', async (_, text) => {
    expect(await told(text)).toEqual([whole])
  })

  it.each([
    ['a query', json([{ name: 'thumbnails', exitCode: 137, reason: word }])],
    ['a query with names of its own', json([[{ Name: 'thumbnails', ExitCode: 137, Reason: word }]])],
    ['one container on one line', `${JSON.stringify(app)}\n`],
  ])('%s has no time', async (_, text) => {
    expect(await told(text)).toEqual([['kernel', 'container', 'thumbnails', null, null]])
  })

  it('the limit is the container’s', async () => {
    const { incidents } = await readPaste(json({ tasks: [task(app)] }))
    expect(incidents[0]?.diagnosis).toMatchObject({ limit: { id: 'container-limit' }, consequence: { id: 'container-terminated' } })
    expect(incidents[0]?.kills[0]?.evidence.map(({ text }) => text.trim())).toContain(`"reason": "${word}",`)
  })

  it('the last attempt of a Batch job, which stands twice, is one kill', async () => {
    const container = { exitCode: 137, reason: word }
    const attempts = [{ container, stoppedAt: Date.parse(time), statusReason: 'Essential container in task exited' }]
    expect(await told(json({ jobs: [{ jobName: 'etl', attempts, container, stoppedAt: Date.parse(time) }] }))).toEqual([
      ['kernel', 'container', null, time, null],
    ])
  })

  it.each([
    ['a JVM’s error', json({ tasks: [task({ ...app, exitCode: 1, reason: 'OutOfMemoryError: Java heap space' })] })],
    ['another reason', json({ tasks: [task({ ...app, reason: 'CannotPullContainerError: pull image manifest' })] })],
    ['exit code 137 alone', json({ tasks: [task({ ...app, reason: undefined })] })],
    ['prose', `Tasks stop with \`"reason": "${word}"\` and exit code 137.\n`],
    ['a test', `  containers: [\n    { name: 'app', exitCode: 137, reason: '${word}' },\n  ],\n`],
    ['an assertion', `assert.equal(task.reason, "${word}")\n`],
    ['the reason of a task alone', `stoppedReason: ${word.replace('Container', 'container')}\n`],
  ])('%s is no kill', async (_, text) => {
    const { incidents } = await readPaste(text)
    expect(incidents.flatMap(({ kills }) => kills)).toEqual([])
  })

  it('the reason of a task alone, in either spelling, is said', async () => {
    for (const spelled of [word, word.replace('Container', 'container')]) {
      const { findings } = await readPaste(`stoppedReason: ${spelled}\n`)
      expect(findings.map(({ id }) => id)).toEqual(['runtime-oom-event'])
    }
  })
})
