import { describe, expect, it } from 'vitest'
import type { FleetOptions } from '../../src/batch/define-fleet.ts'
import { foldFleet } from '../../src/batch/fleet.ts'
import { fleetPages } from '../../src/batch/fleet-pages.ts'
import type { BundleResult, IncidentRow } from '../../src/batch/result.ts'
import { pageName, rowOf, workloadLabel } from '../../src/batch/rows.ts'
import { inShard, shardOf } from '../../src/batch/shard.ts'
import type { ReportIncident } from '../../src/model/report.ts'
import { loadTools } from '../../src/render/tools.ts'
import { allReports } from '../fixtures/reports.ts'
import { wholePages } from './sample-fleet.ts'

const options: FleetOptions = { version: '0', baseline: null }
const kill = (key: string, time: string | null, same: string[] = []) => ({ key, time, same })

function row(id: string, more: Partial<IncidentRow> = {}): IncidentRow {
  return {
    id,
    headline: `headline ${id}`,
    host: 'node-1',
    firstTime: '2026-11-01T10:00:00Z',
    lastTime: '2026-11-01T10:00:00Z',
    workload: 'shop/cart · api',
    namespace: 'shop',
    limit: 'container-limit',
    limitConfidence: 'high',
    limitBytes: 1 << 20,
    consumer: 'process',
    rootCause: 'limit-too-low',
    rootCauseConfidence: 'medium',
    pattern: 'single',
    kills: [kill(`node-1|${id}`, '2026-11-01T10:00:00Z')],
    page: `${id}.html`,
    offset: 0,
    length: 10,
    ...more,
  }
}

const bundle = (name: string, incidents: IncidentRow[], more: Partial<BundleResult> = {}): BundleResult => ({
  ...{ schemaVersion: 1, key: `key-${name}`, bundle: name, status: 'ok', reason: null, bytes: 1, lines: 1, sources: 1 },
  ...{ from: null, to: null, hosts: ['node-1'], incidents },
  ...more,
})

describe('foldFleet', () => {
  it('does not depend on the order of the results', () => {
    const all = [bundle('a', [row('1')]), bundle('b', [row('1'), row('2', { host: 'node-2' })]), bundle('c', [])]
    const text = JSON.stringify(foldFleet(all, [], options))
    expect(JSON.stringify(foldFleet([...all].reverse(), [], options))).toBe(text)
  })

  it('counts a kill that two bundles tell of once, and takes the richer telling', () => {
    const [k1, k2, k3] = ['1', '2', '3'].map((n) => kill(`node-1|${n}`, `2026-11-01T1${n}:00:00Z`)) as [never, never, never]
    const poor = row('poor', { kills: [k1] })
    const rich = row('rich', { kills: [k1, k2, k3] })
    const { fleet } = foldFleet([bundle('a', [poor]), bundle('b', [rich])], [], options)
    expect(fleet.counts).toMatchObject({ incidents: 1, kills: 3 })
    expect(fleet.incidents[0]).toMatchObject({ id: 'rich', page: 'incidents/rich.html', furtherPages: [], bundle: 'b', alsoIn: ['a'] })
  })

  it('loses no kill where tellings overlap, and joins what a third one links', () => {
    const kills = (...list: string[]) => list.map((n) => kill(`node-1|${n}`, `2026-11-01T1${n}:00:00Z`))
    const { fleet, chosen } = foldFleet(
      [
        bundle('a', [row('a', { kills: kills('1', '2') })]),
        bundle('b', [row('b', { kills: kills('3', '4'), firstTime: '2026-11-01T13:00:00Z' })]),
        bundle('c', [row('c', { kills: kills('2', '3'), lastTime: '2026-11-01T14:00:00Z' })]),
      ],
      [],
      options,
    )
    expect(fleet.incidents).toHaveLength(1)
    expect(fleet.incidents[0]).toMatchObject({ kills: 4, furtherPages: ['incidents/b.html'], alsoIn: ['b', 'c'] })
    expect(fleet.incidents[0]).toMatchObject({ firstTime: '2026-11-01T10:00:00Z' })
    expect(chosen[0]?.further.map((f) => f.kills)).toEqual([[0, 1]])
  })

  it('joins a telling without a host to the one host that it fits, never two hosts', () => {
    const same = ['294.252|4321|java|/kubepods/x|']
    const on = (host: string | null) => row(`on-${host}`, { host, kills: [kill(`${host}|294`, null, same)] })
    const joined = foldFleet([bundle('a', [on('node-1')]), bundle('b', [on(null)])], [], options).fleet
    expect(joined.counts).toMatchObject({ incidents: 1, kills: 1 })
    expect(joined.incidents[0]?.host).toBe('node-1')
    const apart = foldFleet([bundle('a', [on('node-1')]), bundle('b', [on('node-2')]), bundle('c', [on(null)])], [], options).fleet
    expect(apart.counts).toMatchObject({ incidents: 3, hosts: 2 })
  })

  it('makes one row of a workload over many bundles, with the nodes it was seen on', () => {
    const rows = ['node-1', 'node-2', 'node-3'].map((host, n) => row(host, { host, firstTime: `2026-11-0${n + 1}T10:00:00Z` }))
    const { fleet } = foldFleet(
      rows.map((r, n) => bundle(`b${n}`, [r], { hosts: ['node-1', 'node-2', 'node-3', 'node-4'] })),
      [],
      options,
    )
    expect(fleet.groups).toHaveLength(1)
    expect(fleet.groups[0]).toMatchObject({ kills: 3, bundles: 3, hosts: ['node-1', 'node-2', 'node-3'] })
    expect(fleet.summary).toContain('on 3 of 4 nodes')
    expect(fleet.summary).toContain('all are shop/cart · api reaching its own limit')
  })

  it('calls new what was first seen in the last 24 h of the data, or what a baseline does not have', () => {
    const old = row('1', { firstTime: '2026-10-01T10:00:00Z', workload: 'old' })
    const fresh = row('2', { workload: 'fresh' })
    const news = (o: FleetOptions) =>
      foldFleet([bundle('a', [old, fresh])], [], o)
        .fleet.groups.filter((g) => g.isNew)
        .map((g) => g.workload)
    expect(news(options)).toEqual(['fresh'])
    expect(news({ version: '0', baseline: { name: 'x', keys: new Set(['fresh | container-limit | process']) } })).toEqual(['old'])
  })

  it('keeps broken bundles as rows', () => {
    const { fleet } = foldFleet(
      [bundle('cut', [row('1')], { status: 'partly', reason: 'cut off' })],
      [{ name: 'gone', reason: 'no such file' }],
      options,
    )
    expect(fleet.unreadable).toEqual([
      { bundle: 'cut', reason: 'cut off' },
      { bundle: 'gone', reason: 'no such file' },
    ])
    expect(fleet.counts).toMatchObject({ bundles: 2, unreadable: 2, incidents: 1 })
  })

  it('folds two hundred thousand kills of one workload without running out of stack or time', () => {
    const times = Array.from({ length: 200_000 }, (_, n) => kill(`k${n}`, new Date(1.7e12 + n * 60_000).toISOString()))
    const { fleet } = foldFleet([bundle('a', [row('1', { kills: times })])], [], options)
    expect(fleet.counts.kills).toBe(200_000)
    expect(fleet.groups[0]?.perHour?.counts.length).toBeLessThanOrEqual(48)
  })
})

describe('rows', () => {
  const base = Object.values(allReports).flatMap((r) => r.incidents)[0] as ReportIncident
  const workload = (w: object): ReportIncident => ({ ...base, workload: { ...(base.workload as object), ...w } as never })

  it.each([
    [{ namespace: 'shop', pod: 'cart-85b9f7d6c4-k2f9s', owner: null, container: 'api' }, 'shop/pod cart · api'],
    [{ namespace: 'shop', pod: 'cart-85b9f7d6c4-k2f9s', owner: 'Deployment/cart', container: 'api' }, 'shop/Deployment/cart · api'],
    [{ namespace: null, pod: 'web-0', owner: null, container: null }, 'pod web-0'],
    [{ namespace: 'kube-system', pod: 'node-exporter-j2hfr', owner: null, container: null }, 'kube-system/pod node-exporter'],
  ])('%j is called %s', (w, label) => expect(workloadLabel(workload({ podUid: null, unit: null, ...w }))).toBe(label))

  it.each(['../../etc/passwd', 'a/b\\c', '<script>', 'ü\u202e\u0000\n', 'x'.repeat(400), '.hidden', 'CON', '%2e%2e'])(
    'page names are safe and short: %j',
    (name) => {
      const page = pageName({ ...workload({ pod: name, namespace: name }), host: name })
      expect(page).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*\.html$/)
      expect(page.length).toBeLessThanOrEqual(120)
      expect(page).not.toContain('..')
    },
  )

  it('sorts by time', () => expect(rowOf(base).page).toMatch(/^(?:\d{8}T\d{6}Z|unknown-time)_/))
})

describe('the fleet pages', async () => {
  const { engine } = await loadTools({}, true)
  const hostile = '</td><script>alert(1)</script>"\'`| [x](javascript:1) \u202e\x1b[31m\n# h @all #1'
  const rows = Array.from({ length: 600 }, (_, n) =>
    row(`i${n}`, { headline: hostile, host: `${hostile}${n % 7}`, workload: `${hostile}${n % 300}` }),
  )
  const { fleet } = foldFleet([bundle(hostile, rows), bundle(`${hostile}2`, [])], [{ name: hostile, reason: hostile }], options)
  const pages = wholePages(fleet, engine)

  it('let no name out of its place', () => {
    for (const { name, text } of pages.filter((p) => p.name.endsWith('.html'))) {
      expect(text, name).not.toMatch(/<script|\u202e|\x1b/)
      expect(text, name).toContain('&lt;script')
    }
    const md = pages.find((p) => p.name === 'index.md')?.text ?? ''
    expect(md).not.toMatch(/(?<!\\)<script|\u202e|\x1b/)
    expect(md).not.toMatch(/(?<!\\)\]\(javascript/)
    for (const line of md.split('\n')) expect(line).not.toMatch(/^# h/)
  })

  it('are paged, and every link leads to a file and an anchor that are there', () => {
    const files = new Map(pages.map((p) => [p.name, p.text]))
    expect([...files.keys()]).toEqual(expect.arrayContaining(['by-time-3.html', 'by-workload-3.html', 'by-node-3.html']))
    for (const [name, text] of files)
      for (const [, href = ''] of text.matchAll(/href="([^"]+)"/g)) {
        if (href.startsWith('incidents')) continue
        const [named = '', anchor] = href.split('#')
        const file = named === '' ? name : named
        expect(files.has(file)).toBe(true)
        if (anchor !== undefined) expect(files.get(file)).toContain(`id="${anchor}"`)
      }
  })

  it('have the index as JSON would be written at once', () => {
    expect(pages.find((p) => p.name === 'index.json')?.text).toBe(`${JSON.stringify(fleet, null, 1)}\n`)
    const nothing = foldFleet([], [], options).fleet
    expect(wholePages(nothing, engine).find((p) => p.name === 'index.json')?.text).toBe(`${JSON.stringify(nothing, null, 1)}\n`)
  })

  it('stay below a mebibyte, however many incidents, workloads, nodes and bundles', () => {
    const long = 'a-workload-of-a-very-long-name-indeed'
    const many = Array.from({ length: 3000 }, (_, n) =>
      row(`i${n}`, { host: `${long}-node-${n}`, workload: `${long}/Deployment/${long}-${n}` }),
    )
    const results = [...many.map((each, n) => bundle(`${long}/${n}`, [each])), ...many.map((_, n) => bundle(`${long}/quiet-${n}`, []))]
    const listed = many.map((_, n) => ({ name: `${long}/broken-${n}.tar.gz`, reason: 'the gzip data ends early' }))
    const large = foldFleet(results, listed, options).fleet
    expect(large.counts).toMatchObject({ incidents: 3000, bundles: 9000 })
    const seen = new Map<string, number>()
    for (const { name, text } of fleetPages(large, engine)) {
      const list = name.replace(/-\d+/, '')
      // The first file of each list is as long as the others.
      if (seen.has(list) || name.endsWith('.json')) continue
      seen.set(list, Buffer.byteLength([...text].join('')))
      if (list === 'by-node.html') break
    }
    expect([...seen.keys()]).toEqual(['index.html', 'index.md', 'by-time.html', 'by-workload.html', 'by-node.html'])
    expect(Math.max(...seen.values())).toBeLessThan(1 << 20)
  })

  it('list every incident exactly once by time', () => {
    const listed = pages.filter((p) => p.name.startsWith('by-time')).flatMap((p) => [...p.text.matchAll(/href="incidents\/(\w+)\.html"/g)])
    expect(listed).toHaveLength(600)
    expect(new Set(listed.map((m) => m[1])).size).toBe(600)
  })
})

describe('shards', () => {
  it('cover everything once', () => {
    const hashes = Array.from({ length: 300 }, (_, n) => (n * 0x9e3779b97f4a7).toString(16).padStart(16, '0'))
    for (const hash of hashes) expect([0, 1, 2].filter((index) => inShard({ index, of: 3 }, hash))).toHaveLength(1)
  })

  it.each([
    ['1/3', {}, { index: 1, of: 3 }],
    ['0/1', { JOB_COMPLETION_INDEX: '5', OOM_REPORT_SHARDS: '9' }, { index: 0, of: 1 }],
    [undefined, { JOB_COMPLETION_INDEX: '2', OOM_REPORT_SHARDS: '4' }, { index: 2, of: 4 }],
    [undefined, { JOB_COMPLETION_INDEX: '2' }, null],
  ])('are read from %j and %j', (option, env, shard) => expect(shardOf(option, env)).toEqual(shard))

  it.each([
    ['3/3', {}],
    ['-1/3', {}],
    ['1/0', {}],
    [undefined, { OOM_REPORT_SHARDS: '3' }],
    [undefined, { JOB_COMPLETION_INDEX: '3', OOM_REPORT_SHARDS: '3' }],
  ])('refuse %j and %j', (option, env) => expect(() => shardOf(option, env)).toThrow())
})
