import { describe, expect, it } from 'vitest'
import { echoesOf } from '../../src/timeline/echoes.ts'
import { CONTAINER_PATH, ID, makeContainer, makePod, makeState } from '../rules/make-incident.ts'
import { report, source } from './sources.ts'
import { bootOf, containerEvent, instant, momentOf, us } from './stamps.ts'

const TIME = '2026-11-24T08:00:00Z'
const OTHER = ID.replace('91ef', '0000')
const dies = (uptime: number | null, taskMemcg: string | null = CONTAINER_PATH) => report(uptime, { taskMemcg })
const said = (what: Parameters<typeof containerEvent>[0], id: string | null = ID, wall = instant(TIME)) =>
  source('containerd.log', { events: [containerEvent(what, id, wall)] })
/** Uptime of the kill and instant of the word on it, in seconds. */
const echoes = (deaths: readonly ReturnType<typeof dies>[], ...near: ReturnType<typeof source>[]) =>
  echoesOf(bootOf({ events: deaths }), near).map((a) => [a.uptimeUs / 1e6, 'epochUs' in a.wall ? (a.wall.epochUs - us(TIME)) / 1e6 : null])

describe('a runtime’s word on a death that the kernel told', () => {
  it('an OOM or an exit of that container', () => {
    expect(echoes([dies(100)], said('oom'))).toEqual([[100, 0]])
    expect(echoes([dies(100)], said('exit'))).toEqual([[100, 0]])
    expect(echoes([dies(100)], said('create' as never))).toEqual([])
  })
  it('names it: whose, when, of which boot', () => {
    const boot = bootOf({ events: [dies(100)] }, { bootId: 'id' })
    expect(echoesOf(boot, [said('oom')])).toEqual([
      { source: 'containerd.log', line: null, host: 'node-1', bootId: 'id', uptimeUs: 100e6, wall: { epochUs: us(TIME) }, via: 'syslog' },
    ])
  })
  it('by a shortened id, too; not of another container, not without id or time', () => {
    expect(echoes([dies(100)], said('oom', ID.slice(0, 12)))).toEqual([[100, 0]])
    expect(echoes([dies(100)], said('oom', OTHER))).toEqual([])
    expect(echoes([dies(100)], said('oom', null))).toEqual([])
    expect(echoes([dies(100)], source('c', { events: [{ ...containerEvent('oom', ID, null), moment: momentOf(null) }] }))).toEqual([])
  })
  it('only where the kernel told of the death', () => {
    expect(echoes([], said('oom'))).toEqual([])
    expect(echoes([dies(null)], said('oom'))).toEqual([])
    expect(echoes([dies(100, null)], said('oom'))).toEqual([])
    expect(echoes([dies(100, '/system.slice/a.service')], said('oom'))).toEqual([])
  })
})

describe('several kills in one container', () => {
  it('within a second: the first', () => {
    expect(echoes([dies(100), dies(100.999999)], said('oom'))).toEqual([[100, 0]])
    expect(echoes([dies(100.5), dies(100)], said('oom'))).toEqual([[100, 0]])
  })
  it('later: nobody knows which was meant', () => {
    expect(echoes([dies(100), dies(101)], said('oom'))).toEqual([])
    expect(echoes([dies(101), dies(100)], said('oom'))).toEqual([])
    expect(echoes([dies(100), dies(500), dies(500.1)], said('oom'))).toEqual([])
  })
  it('another container’s are its own', () =>
    expect(echoes([dies(100), dies(500, CONTAINER_PATH.replace('91ef', '0000'))], said('oom'), said('oom', OTHER))).toEqual([
      [100, 0],
      [500, 0],
    ]))
})

describe('a status that tells of it', () => {
  const status = (more: object, where: 'state' | 'lastState' = 'lastState') =>
    source('pod.yaml', {
      snapshots: [
        makePod([
          makeContainer({
            [where]: makeState({ kind: 'terminated', exitCode: 137, containerId: ID, finishedUs: us(TIME), ...more }),
          }),
        ]),
      ],
    })
  it('137, in either state: cut to seconds, so up to a second later', () => {
    expect(echoes([dies(100)], status({}))).toEqual([[100, 1]])
    expect(echoes([dies(100)], status({}, 'state'))).toEqual([[100, 1]])
  })
  it.each([
    ['another exit', { exitCode: 1 }],
    ['a running one', { kind: 'running' }],
    ['no end', { finishedUs: null }],
    ['no container', { containerId: null }],
    ['another container', { containerId: OTHER }],
  ])('not %s', (_, more) => expect(echoes([dies(100)], status(more))).toEqual([]))
  it('other documents tell nothing', () =>
    expect(echoes([dies(100)], source('s', { snapshots: [{ ...status({}).snapshots[0], kind: 'node' }] }))).toEqual([]))
})
