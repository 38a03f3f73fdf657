import { describe, expect, it } from 'vitest'
import { boundedWriter, containerWriter } from '../../src/formats/author.ts'
import type { Writer } from '../../src/model/record.ts'
import { dmesg, killLines } from '../evidence.ts'
import { reportOf } from '../report-of.ts'

const writers: readonly Writer[] = ['kernel', 'userspace', 'container', 'shipper', 'unknown']

describe('who writes inside another wrapping', () => {
  it('is never more trusted than the one around it', () => {
    const trust: Readonly<Record<Writer, number>> = { container: 0, userspace: 1, shipper: 2, unknown: 3, kernel: 4 }
    for (const outer of ['container', 'userspace', 'shipper'] as const)
      for (const inner of writers) expect(trust[boundedWriter(outer, inner)]).toBeLessThanOrEqual(trust[outer])
    for (const inner of writers) expect(boundedWriter('unknown', inner)).toBe(inner)
  })

  it('knows shippers by their names, not by a part of a word', () => {
    expect(containerWriter({ pod: 'node-debugger-node-1-x7k2p', container: 'debugger' })).toBe('shipper')
    expect(containerWriter({ namespace: 'logging', pod: 'fluent-bit-8zx4k', container: 'fluent-bit' })).toBe('shipper')
    expect(containerWriter({ namespace: 'shop', pod: 'vectorizer-0', container: 'app' })).toBe('container')
    expect(containerWriter({})).toBe('container')
  })
})

const cri = (lines: readonly string[]): string =>
  lines.map((line, n) => `2026-11-24T07:04:${String(10 + (n % 50)).padStart(2, '0')}.5Z stdout F ${line}\n`).join('')
const reclaim =
  'I1124 07:04:59.000000    1248 eviction_manager.go:366] "Eviction manager: must evict pod(s) to reclaim" resourceName="memory"'
const evicted =
  'I1124 07:05:00.000000    1248 eviction_manager.go:595] "Eviction manager: pod is evicted successfully" pod="shop/indexer-0"'
const start = ['server.go:484', 'container_manager_linux.go:304', 'topology_manager.go:138', 'kubelet.go:400', 'volume_manager.go:291']

describe('a whole kubelet log in a container', () => {
  const voice = start.map((caller) => `I1124 07:04:01.000000    1248 ${caller}] "Starting"`)

  it('is known by the files that it logs from, and believed with medium confidence', async () => {
    const report = await reportOf({ 'paste.log': cri([...voice, reclaim, evicted]) })
    expect(report.incidents[0]?.kills[0]?.killer).toBe('kubelet')
    expect(report.incidents[0]?.diagnosis.limit.confidence).toBe('medium')
    expect(report.findings.map((f) => f.id)).toContain('lines-shipped-by-container')
  })

  it('needs several of them, and ships no kernel lines', async () => {
    expect((await reportOf({ 'paste.log': cri([reclaim, evicted]) })).incidents).toEqual([])
    const kernel = dmesg(killLines(41.5, 292)).trimEnd().split('\n')
    expect((await reportOf({ 'paste.log': cri([...voice, ...kernel]) })).incidents).toEqual([])
  })
})

describe('a file that its place shows to be a container’s output', () => {
  const path = 'namespaces/shop/pods/cart-0/app/app/logs/current.log'
  const stamped = (lines: readonly string[]): string => lines.map((line) => `2026-11-24T07:04:10.500000000Z ${line}\n`).join('')
  const layout = {
    'cluster-scoped-resources/core/nodes.yaml': 'apiVersion: v1\nkind: List\nitems: []\n',
    'namespaces/shop/pods/cart-0/cart-0.yaml': 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: cart-0\n',
  }

  it('holds no kernel report, even a whole one that agrees with itself', async () => {
    const report = await reportOf({ ...layout, [path]: stamped(dmesg(killLines(41.5, 292)).trimEnd().split('\n')) })
    expect(report.incidents).toEqual([])
    expect(report.findings.map((f) => f.id)).toContain('lines-by-another-program')
  })
})

describe('klog around kernel text', () => {
  it('is a program’s, whatever it quotes', async () => {
    const text = `E1124 07:50:39.000000       1 main.go:10] ${killLines(1, 292).at(-1)?.text}\n`
    const report = await reportOf({ 'app.log': text })
    expect(report.incidents).toEqual([])
    expect(report.findings.map((f) => f.id)).toContain('oom-killer-lines-by-program')
  })
})

describe('a journal entry of the kernel’s transport', () => {
  const entry = (more: Readonly<Record<string, string>>): string =>
    `${JSON.stringify({ MESSAGE: killLines(1, 292).at(-1)?.text, _TRANSPORT: 'kernel', _HOSTNAME: 'n-1', __REALTIME_TIMESTAMP: '1795503850000000', ...more })}\n`

  it.each([
    ['is the kernel’s by its facility', { SYSLOG_FACILITY: '0', SYSLOG_IDENTIFIER: 'kernel' }, 1],
    ['is of an unknown writer when a shipper left out facility and identifier', {}, 1],
    ['is a program’s write to /dev/kmsg by its facility', { SYSLOG_FACILITY: '1' }, 0],
    ['is a program’s by its identifier', { SYSLOG_IDENTIFIER: 'checkout' }, 0],
  ] as const)('%s', async (_, more, count) => {
    expect((await reportOf({ 'j.json': entry(more) })).incidents).toHaveLength(count)
  })
})
