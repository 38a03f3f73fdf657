import { describe, expect, it } from 'vitest'
import { beginsGathered, machinesIn } from '../../src/scan/text/gathered.ts'
import { buildTimeline } from '../../src/timeline/index.ts'

import { dmesg, evidenceOf, killLines } from '../evidence.ts'

const ring = '[  100.250000] usb 1-1: new device\n'
const clock = 'Tue Nov 24 06:59:34 UTC 2026\n 06:59:34 up 1 day,  2:03,  1 user,  load average: 0.01, 0.02, 0.00\n'
const hostsIn = (text: string) => machinesIn(text)?.map(({ host }) => host) ?? null

describe('texts that gather the output of several machines', () => {
  it.each<[string, string, (string | null)[]]>([
    ['dshbak', `----------------\ncn01\n----------------\n${ring}----------------\ncn02\n----------------\n${ring}`, ['cn01', 'cn02']],
    ['one machine of dshbak', `----------------\nmaster\n----------------\n${ring}`, ['master']],
    ['several that said the same', `---------------\ncn[11-12] (2)\n---------------\n${ring}`, [null]],
    ['ansible', `web.example | CHANGED | rc=0 >>\n${clock}\ndb | SUCCESS | rc=0 >>\n${clock}`, ['web.example', 'db']],
    ['parallel-ssh', `[1] 06:59:01 [SUCCESS] n1\n${ring}[2] 06:59:02 [SUCCESS] root@n2\n${ring}`, ['n1', 'n2']],
    ['a loop over ssh', `collected today\n=== n1 ===\n${ring}=== n2 ===\n${ring}`, [null, 'n1', 'n2']],
    ['salt', `n1:\n    ${ring}n2:\n    ${ring}`, ['n1', 'n2']],
    ['pdsh, with a clock', `n1: ${ring}n2: ${ring}n1: ${clock.split('\n')[0]}\n`, ['n1', 'n2']],
    ['fabric, with a clock', `[n1] out: ${clock.split('\n')[0]}\n[n1] out: ${clock.split('\n')[1]}\n`, ['n1']],
  ])('%s', (_, text, hosts) => expect(hostsIn(text)).toEqual(hosts))

  it.each([
    ['ring buffers behind a prefix are a log', `n1: ${ring}n2: ${ring}`],
    ['a title that only one part has', `=== n1 ===\n${ring}`],
    ['titles of parts of one machine', `=== kern.log ===\n${ring}=== dmesg-1 ===\n${ring}`],
    ['outputs of different kinds', `=== ring-0 ===\n${ring}=== when-1 ===\n${clock}`],
    ['a headline', `--------\nSummary\n--------\nall is well\n`],
    ['a log', ring.repeat(5)],
    ['speakers', 'bob-1: hello\nann-2: Tue Nov 24 06:59:34 UTC 2026 is the day\n'],
    ['ends of broken paths', `${ring}11e7b5d6dfd2a85c.scope:\n${ring}6a5a8bf4649705dd.scope:\n${ring}11e7b5d6dfd2a85c6a:\n${ring}`],
    ['containers of compose', `web-1  | ${ring}db-1  | ${ring}`],
  ])('not: %s', (_, text) => expect(hostsIn(text)).toBeNull())

  it('every line keeps its place', () => {
    const [first, second] = machinesIn(`=== n1 ===\n${ring}=== n2 ===\n${ring}`) ?? []
    expect(first?.lines).toEqual(['', ring.trim(), '', '', ''])
    expect(second?.lines).toEqual(['', '', '', ring.trim(), ''])
  })
})

describe('a gathered text that is larger than a paste', () => {
  const body = (pid: number, hour: string): string =>
    `Tue Nov 24 ${hour}:00:00 UTC 2026\n ${hour}:00:00 up  1:00,  1 user,  load average: 0.01, 0.02, 0.00\n` +
    dmesg([
      ...Array.from({ length: 6_000 }, (_, i) => ({ at: i / 2, text: `usb 1-${i % 4}: device descriptor read/64, error -110` })),
      ...killLines(3_100, pid),
    ])
  const shapes: [string, string][] = [
    ['dshbak', ['n1', 'n2'].map((n, i) => `----------------\n${n}\n----------------\n${body(11 + i, `0${3 + 5 * i}`)}`).join('')],
    ['a loop over ssh', ['n1', 'n2'].map((n, i) => `=== ${n} ===\n${body(11 + i, `0${3 + 5 * i}`)}`).join('')],
    ['pdsh', ['n1', 'n2'].map((n, i) => body(11 + i, `0${3 + 5 * i}`).replace(/^(?=.)/gm, `${n}: `)).join('')],
  ]

  it.each(shapes)('%s is read machine by machine, each by its own clock', async (_, text) => {
    expect(text.length).toBeGreaterThan(600_000)
    const { incidents } = buildTimeline(await evidenceOf({ 'all.txt': text }), { timezone: null, year: null, zoneOffset: null })
    const kills = incidents
      .flatMap((i) => i.kills)
      .map((k) => [k.pid, k.host, new Date((k.at.epochUs ?? 0) / 1000).toISOString().slice(0, 15)])
    expect(kills.sort()).toEqual([
      [11, 'n1', '2026-11-24T02:5'],
      [12, 'n2', '2026-11-24T07:5'],
    ])
  })

  it('is known by how it begins', () => {
    expect(beginsGathered(`=== n1 ===\n${ring}`)).toBe(true)
    expect(beginsGathered(`${ring}=== n1 ===\n${ring}`)).toBe(false)
    expect(beginsGathered(`kernel: ${ring}kernel: ${ring}`)).toBe(false)
  })
})
