import { describe, expect, it } from 'vitest'
import { bootsOf } from '../../src/timeline/boots.ts'
import { echoesOf } from '../../src/timeline/echoes.ts'
import { resolveHosts } from '../../src/timeline/hosts.ts'
import { makeKill } from '../kernel/make-dump.ts'
import { makeContainer, makePod, makeState } from '../rules/make-incident.ts'
import { report, source } from './sources.ts'

const id = 'c'.repeat(64)
const memcg = `/kubepods/burstable/pod5931aa75-4603-4e65-b552-7c71cf55cfb5/${id}`
const task = (pid: number, comm: string) => ({ pid, comm })

/** Anchors that a container's end gives the boot, whose kernel killed pid 100 of these tasks. */
function anchors(tasks: readonly object[], reason: string | null): number {
  const kernel = source('dmesg', { events: [report(100, { taskMemcg: memcg }, null, { tasks } as never)] })
  const state = {
    ...{ kind: 'terminated', reason, message: null, exitCode: 137, signal: null, startedUs: null, finishedUs: 1.8e15, containerId: id },
    quotes: [],
  }
  const pod = makePod([makeContainer({})])
  const pods = source('pods', { snapshots: [{ ...pod, containers: [{ ...pod.containers[0], state: null, lastState: state }] }] })
  const all = [kernel, pods]
  const boot = bootsOf(all, resolveHosts(all)).find((b) => b.segments.some((s) => s.events.length > 0))
  return boot === undefined ? -1 : echoesOf(boot, all).length
}

describe('a group kill', () => {
  const of = (killed: readonly number[], tasks: readonly object[], placeless: number | null = null) => {
    const kills = killed.map((pid) => ({
      ...makeKill({ pid, taskMemcg: pid === placeless ? null : memcg }),
      moment: { wall: null, outerWall: null, uptimeUs: 100e6 },
    }))
    const kernel = source('dmesg', { events: [report(100, {}, null, { tasks, kills } as never)] })
    const state = makeState({ kind: 'terminated', reason: 'Error', exitCode: 137, finishedUs: 1.8e15, containerId: id })
    const all = [kernel, source('pods', { snapshots: [makePod([makeContainer({ lastState: state })])] })]
    const boot = bootsOf(all, resolveHosts(all)).find((b) => b.segments.some((s) => s.events.length > 0))
    return boot === undefined ? -1 : echoesOf(boot, all).length
  }
  it('that took the first process ended the container, whoever else died', () => {
    const tasks = [task(90, 'nginx'), task(100, 'worker'), task(101, 'worker')]
    expect([of([100, 90], tasks), of([90, 100], tasks), of([100, 101], tasks)]).toEqual([1, 1, 0])
    // The line of the first process names no group: its death beside the other’s tells all the same.
    expect([of([100, 90], tasks, 90), of([100, 101], tasks, 101)]).toEqual([1, 0])
  })
})

describe('an end by SIGKILL tells when the kernel killed', () => {
  it.each<[string, object[], string | null, number]>([
    ['the container’s only process', [task(100, 'java')], 'Error', 1],
    ['its first process', [task(100, 'java'), task(120, 'helper')], 'Error', 1],
    ['the program in a shell', [task(90, 'sh'), task(100, 'java')], 'Error', 1],
    ['a child: the container may end of something else hours later', [task(90, 'nginx'), task(100, 'worker')], 'Error', 0],
    ['a child, and the end is called OOMKilled', [task(90, 'nginx'), task(100, 'worker')], 'OOMKilled', 0],
    ['one of several in a shell', [task(90, 'sh'), task(95, 'a'), task(100, 'b')], 'Error', 0],
    ['nobody knows who lived there, but it is called OOMKilled', [], 'OOMKilled', 1],
    ['nobody knows who lived there', [], 'Error', 0],
  ])('%s', (_, tasks, reason, count) => expect(anchors(tasks, reason)).toBe(count))
})
