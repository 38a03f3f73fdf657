import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { gather, scanTools } from '../../src/gather.ts'
import { defaultLimits } from '../../src/input/index.ts'
import { folderSources, readInputs } from '../../src/input/inputs.ts'
import type { InputSource } from '../../src/input/source.ts'
import { engines } from '../../src/node/engines.ts'
import { nodeHost } from '../../src/node/host.ts'
import { readAtOnce, scanSource } from '../../src/scan/index.ts'
import { filesBelow } from '../corpus.ts'

const tools = scanTools(null)
const root = mkdtempSync(join(tmpdir(), 'at-once-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const sourceOf = (path: string, bytes: Uint8Array): InputSource => ({
  name: `b/${path}`,
  path,
  bundle: 'b',
  modifiedMs: 1_700_000_000_000,
  size: bytes.length,
  file: null,
  codec: null,
  async *chunks() {
    yield bytes
  },
})

const told = ({ events, snapshots, anchors, warnings, sightings = [] }: Awaited<ReturnType<typeof scanSource>>[number]): number =>
  events.length + snapshots.length + anchors.length + warnings.length + sightings.length

/** Paths by which a reader knows its document, over whatever stands in it. */
const PLACES = ['proc/12/status', 'proc/12/cgroup', 'proc/12/cmdline', 'sys/fs/cgroup/a.slice/memory.events', 'proc/uptime', 'proc/meminfo']
const TEXTS = [
  'Name:\tjava\nState:\tS (sleeping)\n',
  '0::/system.slice/a.service\n',
  'java\0-Xmx1g\0-jar\0app.jar\0',
  'low 0\nhigh 7\nmax 1\noom 1\noom_kill 1\n',
  '# notes\n',
  'MemTotal:        8048 kB\nMemFree:         1024 kB\nMemAvailable:    2048 kB\nBuffers: 1 kB\nCached: 2 kB\n',
  '2000.00 900.00\n',
  ' 10:00:00 up 1 day,  2:00,  1 user,  load average: 0.00, 0.01, 0.05\n',
  'node-1: 2000.00 900.00\nnode-2: 4000.00 900.00\n',
  '"id","verdict","host"\n',
  'You will see for example a line like this:\nOut of memory: Killed process 12 (java)\nin the log.\n',
]

describe('a small document that is read at once', () => {
  it('tells what it tells as any source', async () => {
    const samples = filesBelow('samples')
      .filter((name) => !name.startsWith('bundles/'))
      .map((name) => [name, new Uint8Array(readFileSync(join('samples', name)))] as const)
    const placed = PLACES.flatMap((path) => TEXTS.map((text) => [path, new TextEncoder().encode(text)] as const))
    let count = 0
    for (const [path, bytes] of [...samples, ...placed]) {
      const source = sourceOf(path, bytes)
      const done = readAtOnce(bytes, path, tools, () => source)
      if (done === null) continue
      const evidence = await scanSource(source, tools)
      if ('evidence' in done) expect([done.evidence], path).toEqual(evidence)
      else expect(evidence.map(told), path).toEqual([0])
      if ('evidence' in done) count += 1
    }
    expect(count).toBeGreaterThan(10)
  })

  it.each([
    [
      'several machines in one text',
      'uptime.txt',
      'node-1: 10:00:00 up 1 day, 2:00, 1 user, load average: 0.0, 0.0, 0.0\nnode-2: 10:00:00 up 2 days, 2:00, 1 user, load average: 0.0, 0.0, 0.0\n',
    ],
    ['our own report', 'proc/12/cmdline', 'oom-report analyze a\n'],
    ['a kernel line', 'proc/12/cmdline', 'Out of memory: Killed process 12 (java)\n'],
  ])('is not %s', (_, path, text) => {
    const bytes = new TextEncoder().encode(text)
    expect(readAtOnce(bytes, path, tools, () => sourceOf(path, bytes))).toBeNull()
  })
})

describe('a bundle of small files', () => {
  const files: Record<string, string> = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [
      [`proc/${n + 1}/status`, `Name:\tp${n}\n`],
      [`etc/${n}.conf`, `a = ${n}\n`],
      [`sys/fs/cgroup/s${n}.slice/memory.events`, `high 0\noom_kill ${n}\n`],
      [`sys/fs/cgroup/s${n}.slice/memory.stat`, 'anon 12\n'],
    ]).flat(),
  )

  it('is opened a file once, and not at all where its place is enough', async () => {
    const small = vi.fn()
    const stats = vi.fn()
    const bytes = vi.fn()
    const found = Object.entries(files).map(([path, text]) => ({
      path,
      small() {
        small()
        return new TextEncoder().encode(text)
      },
      open() {
        stats()
        return {
          modifiedMs: 0,
          size: text.length,
          file: null,
          bytes: (async function* () {
            bytes()
            yield new TextEncoder().encode(text)
          })(),
        }
      },
    }))
    const host = {
      ...nodeHost(),
      open: (paths: readonly string[], options: Parameters<typeof readInputs>[2]) =>
        readInputs(paths, (name, run) => folderSources(found, name, run), options, engines),
    }
    const { evidence, quiet } = await gather(['b'], { host, stdin: null, inputFormat: null, limits: defaultLimits })
    expect(evidence).toHaveLength(80)
    expect(quiet.count).toBe(80)
    expect(small).toHaveBeenCalledTimes(120)
    expect(stats).toHaveBeenCalledTimes(80)
    expect(bytes).not.toHaveBeenCalled()
  })

  it('tells the same of a folder as source by source', async () => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    const once = await gather([root], { host: nodeHost(), stdin: null, inputFormat: null })
    const slow = await gather([root], { host: nodeHost(), stdin: null, inputFormat: null, slow: true })
    const snapshots = ({ evidence }: typeof once) => evidence.flatMap((e) => e.snapshots)
    expect(snapshots(once)).toEqual(snapshots(slow))
    expect(snapshots(once)).toHaveLength(80)
  })
})
