import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type Lives, type LivingPod, openLives } from '../../bench/lives.mjs'
import { analyzeEvidence } from '../../src/analyze.ts'
import { extractors } from '../../src/extract/index.ts'
import { gather } from '../../src/gather.ts'
import type { PhrasedReport } from '../../src/model/report.ts'
import { openFileBytes } from '../../src/node/file-bytes.ts'
import { nodeHost } from '../../src/node/host.ts'
import { literalsOf } from '../../src/scan/line-choice.ts'
import { openJsNeedle } from '../../src/scan/search/needle-js.ts'
import { openSimdNeedle } from '../../src/scan/search/needle-simd.ts'
import { openRegions, openSearcher, planOf, type Regions } from '../../src/scan/search/regions.ts'
import { openWanted } from '../../src/scan/search/words.ts'
import { openKeptRoom } from '../../src/scan/text/kept-lines.ts'
import type { SearchThreads } from '../../src/scan/tools.ts'
import { killLines } from '../evidence.ts'
import { type EntryToWrite, writeJournalFile } from '../input/journal/journal-writer.ts'

const folder = mkdtempSync(join(tmpdir(), 'oom-report-lives-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A large file's search in blocks so small that a test's log has hundreds. */
const smallBlocks: SearchThreads = (path, size, literals, sampled) => {
  const plan = planOf(path, size, literals, { sampled, blockBytes: 4096, mostHits: 40 })
  const open = (): Regions => {
    const needle = openSimdNeedle(literals.all, literals.sampledFrom) ?? openJsNeedle(literals.all)
    return { ...openRegions(plan, openSearcher(plan, openFileBytes(path), needle)), again: open }
  }
  return open()
}

async function reportOf(paths: readonly string[], livesFrom: number, threads: SearchThreads | null, stdin: string | null = null) {
  const pieces = async function* () {
    for (let at = 0; at < (stdin?.length ?? 0); at += 70_000) yield new TextEncoder().encode(stdin?.slice(at, at + 70_000))
  }
  const host = { ...nodeHost(), livesFrom, threads }
  const { evidence, inputNames, quiet } = await gather(paths, { host, inputFormat: null, stdin: stdin === null ? null : pieces() })
  return analyzeEvidence(evidence, {
    ...{ timezone: null, year: null, showCommandLines: false, zoneOffset: null, warnings: [], inputNames, quiet },
  })
}

const random = (seed: number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x7fffffff
  }
}

interface Story {
  /** The node's log, and what a file of the kernel's own would hold. */
  readonly log: string
  readonly dmesg: string
  readonly victims: readonly LivingPod[]
}

/** A busy node on which pods are killed now and then. `front`: what stands before each text. */
function storyOf(seed: number, { share = 0.6, kills = 3, inLog = true, inner = 'orderly' as 'orderly' | 'random' } = {}): Story {
  const r = random(seed)
  const lives: Lives = openLives(r, { inner })
  const lines: string[] = []
  const dmesg: string[] = []
  const victims: LivingPod[] = []
  const count = 3600
  for (let index = 0; index < count; index += 1) {
    const at = Date.UTC(2026, 10, 24, 3) + index * 250
    const stamp = `${new Date(at).toISOString().slice(0, 23)}000`
    const front = `${stamp}+00:00 worker-17 `
    lines.push(front + (r() < share ? lives.line(stamp) : `app-chat[2290]: level=info room=${Math.floor(r() * 1e6)} "lobby"`))
    const victim = index > 900 && index % Math.floor(2700 / kills) === 0 ? lives.victim() : null
    if (victim === null) continue
    victims.push(victim)
    const memcg = `/kubepods/burstable/pod${victim.uid}/${victim.id}`
    for (const { at: up, text } of killLines(1000 + index / 4, 4000 + index, 'worker', 40_580, memcg)) {
      if (inLog) lines.push(`${front}kernel: [${up.toFixed(6).padStart(12)}] ${text}`)
      dmesg.push(`[${up.toFixed(6).padStart(12)}] ${text}`)
    }
  }
  return { log: `${lines.join('\n')}\n`, dmesg: `${dmesg.join('\n')}\n`, victims }
}

const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const textOf = (report: PhrasedReport): string => JSON.stringify(report)

describe('lines about ordinary lives that are left out at first change nothing', () => {
  test('whatever the order of the stamps, the share of the lines and the way they are read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1000),
        fc.constantFrom(0.02, 0.3, 0.9),
        fc.constantFrom('orderly' as const, 'random' as const),
        async (seed, share, inner) => {
          const { log } = storyOf(seed, { share, inner })
          const path = write('messages', log)
          const whole = textOf(await reportOf([path], Infinity, null))
          expect(textOf(await reportOf([path], 50_000, null))).toBe(whole)
          expect(textOf(await reportOf([path], 50_000, smallBlocks))).toBe(whole)
          expect(textOf(await reportOf(['-'], 50_000, null, log)).replaceAll('"-"', '"messages"')).toBe(
            textOf(await reportOf(['-'], Infinity, null, log)).replaceAll('"-"', '"messages"'),
          )
        },
      ),
      { numRuns: process.env['OOM_REPORT_FULL'] === '1' ? 60 : 2, seed: 20 },
    )
  }, 120_000)

  test('a log without such lines is read once, however many died', async () => {
    const lines = Array.from({ length: 600 }, (_, n) =>
      killLines(1000 + n, 4000 + n).map((l) => `[${l.at.toFixed(6).padStart(12)}] ${l.text}`),
    )
    const path = write('dmesg.log', `${lines.flat().join('\n')}\n`)
    let again = 0
    const counted: SearchThreads = (...given) => {
      const regions = smallBlocks(...given) as Regions
      const open = regions.again
      return open === undefined
        ? regions
        : {
            ...regions,
            again: () => {
              again += 1
              return open()
            },
          }
    }
    const told = textOf(await reportOf([path], 50_000, counted))
    expect(told).toBe(textOf(await reportOf([path], Infinity, null)))
    expect(again).toBe(0)
    const { log } = storyOf(3)
    await reportOf([write('messages', log)], 50_000, counted)
    expect(again).toBeGreaterThan(0)
  }, 60_000)

  test('a kill that another file tells of; the pod by its name, the container by its start', async () => {
    const { log, dmesg, victims } = storyOf(7, { inLog: false, kills: 1 })
    const paths = [write('node.log', log), write('dmesg.txt', dmesg)]
    const report = await reportOf(paths, 50_000, smallBlocks)
    expect(textOf(report)).toBe(textOf(await reportOf(paths, Infinity, null)))
    expect(report.incidents[0]?.workload?.pod).toBe(victims[0]?.name)
    expect(report.timeline.filter(({ text }) => textOf(text as never).includes('ontainer')).length).toBeGreaterThan(1)
  })

  test('names lead to names: the kernel names a container only, its sandbox has the names of its pod', async () => {
    const { log } = storyOf(11, { kills: 1, inLog: false })
    const [id, sandbox, uid] = ['c0ffee'.padEnd(64, '1'), '5a4db0c5'.padEnd(64, '2'), 'aaaabbbb-1111-2222-3333-444455556666']
    const at = '2026-11-24T03:10:00.000000+00:00 worker-17 '
    const containerd = (text: string) => `${at}containerd[514]: time="2026-11-24T03:10:00Z" level=info msg="${text.replaceAll('"', '\\"')}"`
    const lines = [
      containerd(`RunPodSandbox for &PodSandboxMetadata{Name:cart-0,Uid:${uid},Namespace:shop,Attempt:0,} returns sandbox id "${sandbox}"`),
      containerd(`CreateContainer within sandbox "${sandbox}" for &ContainerMetadata{Name:app,Attempt:0,} returns container id "${id}"`),
      containerd(`StartContainer for "${id}" returns successfully`),
      ...killLines(1000, 4000, 'worker', 40_580, `/k8s.io/${id}`).map((l) => `${at}kernel: [${l.at.toFixed(6).padStart(12)}] ${l.text}`),
    ]
    const all = log.split('\n')
    const path = write(
      'chain.log',
      [...all.slice(0, 2000), ...lines.slice(0, 2), ...all.slice(2000, 2400), ...lines.slice(2), ...all.slice(2400)].join('\n'),
    )
    for (const threads of [null, smallBlocks]) {
      const report = await reportOf([path], 50_000, threads)
      expect(report.incidents[0]?.workload).toMatchObject({ pod: 'cart-0', namespace: 'shop', container: 'app', podUid: uid })
      expect(textOf(report)).toBe(textOf(await reportOf([path], Infinity, null)))
    }
  })

  test('the same in a binary journal', async () => {
    const bootId = '0123456789abcdef0123456789abcdef'
    const entries = storyOf(5, { kills: 2 })
      .log.trimEnd()
      .split('\n')
      .map((line, index): EntryToWrite => {
        const found = /^\S+ worker-17 (?<who>[\w-]+)(?:\[\d+\])?: (?:\[ *(?<up>[\d.]+)\] )?(?<message>.*)$/.exec(line)?.groups
        const isKernel = found?.['who'] === 'kernel'
        const own: [string, string][] = isKernel
          ? [
              ['_TRANSPORT', 'kernel'],
              ['SYSLOG_FACILITY', '0'],
              ['_SOURCE_MONOTONIC_TIMESTAMP', `${Number(found?.['up']) * 1e6}`],
            ]
          : [['_TRANSPORT', 'stdout']]
        const monotonicUs = 1e9 + index * 250_000
        return {
          realtimeUs: Date.UTC(2026, 10, 24, 3) * 1000 + monotonicUs,
          monotonicUs,
          bootId,
          fields: [
            ['_BOOT_ID', bootId],
            ['_HOSTNAME', 'worker-17'],
            ['SYSLOG_IDENTIFIER', found?.['who'] ?? ''],
            ...own,
            ['MESSAGE', found?.['message'] ?? ''],
          ],
        }
      })
    const path = join(folder, 'system.journal')
    writeFileSync(path, writeJournalFile(entries, { compact: true, packing: 'lz4', slots: 2047 }))
    const [whole, later] = [await reportOf([path], Infinity, null), await reportOf([path], 50_000, null)]
    expect(later.incidents.length).toBeGreaterThan(0)
    expect(textOf(later)).toBe(textOf(whole))
  })

  test('an exit code of 137 that nothing else explains is told of, with the names that other lines have', async () => {
    const { log } = storyOf(9, { kills: 1, inLog: false })
    const last = log.lastIndexOf('exitCode=0')
    const ended = `${log.slice(0, last)}exitCode=137${log.slice(last + 'exitCode=0'.length)}`
    const path = write('kubelet.log', ended)
    const report = await reportOf([path], 50_000, smallBlocks)
    expect(report.findings.map(({ id }) => id)).toContain('exit-137-unexplained')
    expect(textOf(report)).toBe(textOf(await reportOf([path], Infinity, null)))
  })

  test('of what cannot be read twice the last lines are kept, and what is lost is said', () => {
    const room = openKeptRoom(2 * 1024 * 1024)
    const kept = room.open()
    const line = new TextEncoder().encode('x'.repeat(1000))
    for (let number = 1; number <= 5000; number += 1) kept.keep(line, 0, line.length, number * 1000, number, number % 2 === 0)
    const lines: number[] = []
    kept.each((bytes, offset, number, sure) => {
      expect([bytes.length, offset, sure]).toEqual([1000, number * 1000, number % 2 === 0])
      lines.push(number)
    })
    expect(lines.at(-1)).toBe(5000)
    expect(lines[0]).toBe(kept.lostBefore())
    expect(lines.length).toBeGreaterThan(1000)
  })
})

test('a block is read for a name wherever in it or over its borders the line stands', () => {
  const { log } = storyOf(3, { share: 1, kills: 1, inLog: false })
  const path = write('blocks.log', log)
  const literals = literalsOf(extractors)
  const regions = smallBlocks(path, log.length, literals, true) as Regions
  for (let region = 0; region < regions.count; region += 1) expect(regions.isSearched(region)).toBe(true)
  const searched = regions.count * regions.bytes
  let asked = 0
  let closed = 0
  for (const { index, 1: id = '' } of log.matchAll(/StartContainer for \\"([0-9a-f]{64})/g)) {
    if (index + 100 > searched) break
    const isOpen = regions.livesAsked({ before: 0, wanted: openWanted([id]) })
    const block = Math.floor(index / regions.blockBytes)
    expect(isOpen(Math.floor(block / regions.blocks), block % regions.blocks)).toBe(true)
    for (let other = 0; other < regions.blocks * regions.count; other += 1)
      if (!isOpen(Math.floor(other / regions.blocks), other % regions.blocks)) closed += 1
    asked += 1
  }
  regions.close()
  expect(asked).toBeGreaterThan(200)
  expect(closed / asked).toBeGreaterThan(100)
})

test('no literal that decides begins with one of ordinary lives: the search would tell of the other', () => {
  const { all, livesFrom, sampledFrom } = literalsOf(extractors)
  const lives = all.slice(livesFrom, sampledFrom)
  expect(lives.length).toBeGreaterThan(20)
  for (const literal of all.slice(0, livesFrom)) expect(lives.filter((other) => literal.startsWith(other))).toEqual([])
})
