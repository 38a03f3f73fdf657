import { describe, expect, it } from 'vitest'
import { reportOfFiles } from './report-of-lines.ts'

const table = (reason: string, message: string) =>
  `LAST SEEN              TYPE      REASON    OBJECT       MESSAGE\n2026-11-20T12:00:01Z   Warning   ${reason}   pod/cart-0   ${message}\n`
const told = async (files: Readonly<Record<string, string>>) => {
  const { incidents, findings } = await reportOfFiles(files)
  return [incidents.length, ...findings.map((f) => f.id)]
}

describe('an event of an eviction is said to be none of memory where it is of something else', () => {
  it.each([
    ['ephemeral-storage', 'The node was low on resource: ephemeral-storage. Threshold quantity: 8Gi, available: 7Gi.'],
    ['inodes', 'The node was low on resource: inodes. Threshold quantity: 500k, available: 9k.'],
    ['pids', 'The node was low on resource: pids. Threshold quantity: 1000, available: 12.'],
    ['EmptyDir', 'Usage of EmptyDir volume "scratch" exceeds the limit "1Gi".'],
    ['ephemeral local storage', 'Pod ephemeral local storage usage exceeds the total limit of containers 2Gi.'],
  ])('%s', async (what, message) => {
    const { incidents, findings } = await reportOfFiles({ 'events.txt': table('Evicted', message) })
    expect([incidents.length, findings.map((f) => f.id)]).toEqual([0, ['evicted-for-other-resource']])
    expect(findings[0]?.statement).toContain(what)
  })
  it('memory is an incident, a refusal is none and says so', async () => {
    const low = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 61Mi.'
    expect(await told({ 'events.txt': table('Evicted', low) })).toEqual([1])
    expect(await told({ 'events.txt': table('Evicted', 'The node had condition: [MemoryPressure].') })).toEqual([0, 'admission-refused'])
    const full = "Node didn't have enough resource: memory, requested: 8589934592, used: 15032385536, capacity: 16000000000"
    expect(await told({ 'events.txt': table('OutOfmemory', full) })).toEqual([0, 'admission-refused'])
  })
  it('once for a pod, however often it is said', async () => {
    const low = table('Evicted', 'The node was low on resource: pids.')
    expect(await told({ 'a/events.txt': low, 'b/events.txt': low })).toEqual([0, 'evicted-for-other-resource'])
  })
})

describe('the line of a list', () => {
  const kill = (up: number, comm: string, pid: number) =>
    `[${up.toFixed(6)}] Out of memory: Killed process ${pid} (${comm}) total-vm:9000000kB, anon-rss:7000000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:9kB oom_score_adj:0\n`
  const verdict = async (text: string) => (await reportOfFiles({ dmesg: text })).incidents.map((i) => i.verdict)
  it('counts a program’s deaths, and processes of several names together', async () => {
    expect(await verdict(kill(100, 'java', 40) + kill(160, 'java', 41))).toEqual(['java killed 2 times: node out of memory'])
    expect(await verdict(kill(100, 'java', 40) + kill(160, 'node', 41))).toEqual(['2 processes killed: node out of memory'])
  })
})
