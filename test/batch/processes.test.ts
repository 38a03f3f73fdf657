import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Job } from '../../src/batch/job.ts'
import { type Answer, openProcesses, type Processes, type Task, WorkerLost } from '../../src/batch/processes.ts'
import { temporaryFolder } from './run-cli.ts'

const folder = temporaryFolder()
const file = path.join(folder, 'worker.mjs')
// Does as the key of the first job says.
writeFileSync(
  file,
  `import { writeSync } from 'node:fs'
process.on('message', ({ analyze: [{ key }] }) => {
  if (key === 'killed') process.kill(process.pid, 'SIGKILL')
  else if (key === 'left') process.exit(7)
  else if (key === 'full') {
    writeSync(2, 'one\\n\\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\\n 1: 0xb9c5 node::Abort()\\n')
    process.kill(process.pid, 'SIGABRT')
  } else if (key === 'asleep') setInterval(() => {}, 1000)
  else process.send({ done: [{ key: key + ' ' + process.pid }], peakRssBytes: 1000 })
})
process.send('ready')
`,
)

const asked = (key: string): Task => ({ analyze: [{ key } as Job] })
const keyOf = ({ done }: Answer): string => done?.[0]?.key ?? ''

describe('worker processes', { timeout: 60_000 }, () => {
  let processes: Processes
  const open = (count: number): Processes => {
    processes = openProcesses(file, count, [])
    return processes
  }
  afterEach(() => processes.close())

  it('answer more tasks than there are workers, each its own', async () => {
    const { ask, peakRssBytes } = open(2)
    const answers = (await Promise.all(Array.from({ length: 9 }, (_, k) => ask(asked(`task-${k}`))))).map(keyOf)
    expect(answers.map((answer) => answer.split(' ')[0])).toEqual(Array.from({ length: 9 }, (_, k) => `task-${k}`))
    expect(new Set(answers.map((answer) => answer.split(' ')[1])).size).toBe(2)
    expect(peakRssBytes()).toBe(2000)
  })

  it.each([
    ['killed', 'its worker was ended by SIGKILL: perhaps it needs more memory than there is'],
    ['left', 'its worker was ended with exit code 7'],
    ['full', 'its worker was ended by SIGABRT: Reached heap limit Allocation failed - JavaScript heap out of memory'],
  ])('that are %s are told of, and replaced', async (how, reason) => {
    const { ask } = open(1)
    const [lost, next] = await Promise.allSettled([ask(asked(how)), ask(asked('next'))])
    expect(lost).toEqual({ status: 'rejected', reason: new WorkerLost(reason) })
    expect(next.status === 'fulfilled' ? keyOf(next.value) : next.reason).toMatch(/^next \d+$/)
  })

  it('that end while they start are no task’s fault', async () => {
    const often = path.join(folder, 'often.mjs')
    const tries = path.join(folder, 'tries')
    const worker = readFileSync(file, 'utf8')
    writeFileSync(
      often,
      `import { appendFileSync, statSync } from 'node:fs'\nappendFileSync('${tries}', '.')\nif (statSync('${tries}').size < 4) process.exit(1)\n${worker}`,
    )
    processes = openProcesses(often, 1, [])
    expect(keyOf(await processes.ask(asked('task')))).toMatch(/^task \d+$/)
    expect(statSync(tries).size).toBe(4)
  })

  it('that cannot even start, fail every task and keep nobody waiting', async () => {
    processes = openProcesses(path.join(folder, 'missing.mjs'), 2, [])
    const { ask } = processes
    const ends = await Promise.allSettled(Array.from({ length: 5 }, () => ask(asked('task'))))
    for (const end of ends) expect(end).toEqual({ status: 'rejected', reason: new WorkerLost('its worker was ended with exit code 1') })
  })

  it('are gone once they are closed, whatever they are at', async () => {
    const { ask, close } = open(2)
    const pid = Number(keyOf(await ask(asked('task'))).split(' ')[1])
    void ask(asked('asleep')).catch(() => {})
    void ask(asked('asleep')).catch(() => {})
    const waiting = ask(asked('task'))
    await Promise.all([close(), expect(waiting).rejects.toThrow('The workers are closed.')])
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/)
    // Whoever saw its worker end would ask again: nobody starts any more.
    await expect(ask(asked('task'))).rejects.toThrow('The workers are closed.')
  })
})
