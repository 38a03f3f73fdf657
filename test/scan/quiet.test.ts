import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { scanTools } from '../../src/gather.ts'
import { analyze } from '../../src/index.ts'
import { isBarren, isBarrenFolder } from '../../src/input/layouts/barren.ts'
import { glanceAt } from '../../src/scan/quiet.ts'
import { filesBelow } from '../corpus.ts'
import { evidenceOf } from '../evidence.ts'

const tools = scanTools(null)
const quietLines = (bytes: Uint8Array, path: string): number => {
  const seen = glanceAt(bytes, path, tools)
  return seen === null || seen.reader !== null ? -1 : seen.lines
}
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const root = mkdtempSync(join(tmpdir(), 'quiet-test-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const tree = (name: string, files: Record<string, string>): string => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true })
    writeFileSync(join(root, name, path), text)
  }
  return join(root, name)
}

describe('a file in which there is nothing to find', () => {
  it('is no sample of ours that tells something', async () => {
    for (const name of filesBelow('samples')) {
      if (name.startsWith('bundles/') || name.endsWith('.md')) continue
      const bytes = readFileSync(join('samples', name))
      if (quietLines(bytes, name) < 0) continue
      const [evidence] = await evidenceOf({ [name]: bytes.toString('latin1') })
      const told = [evidence?.events, evidence?.snapshots, evidence?.anchors, evidence?.warnings].flat().length
      expect(told, name).toBe(0)
      expect(evidence?.source.format, name).toMatch(/^(?:plain|unknown)$/)
    }
  })

  it.each([
    ['a number', 'sys/x', '4294967295\n', 1],
    ['configuration', 'etc/a.conf', '# room for more\nlimit = 3\n', 2],
    ['a list of packages', 'installed-rpms', 'bash-5.1.8-6.el9.x86_64\nzlib-1.2.11-40.el9.x86_64\n', 2],
  ])('%s', (_, path, text, lines) => {
    expect(quietLines(bytesOf(text), path)).toBe(lines)
  })

  it.each([
    ['a kill', 'notes.txt', 'Killed process 12 (java) total-vm:1kB, anon-rss:1kB, file-rss:1kB\n'],
    ['a clock', 'date.txt', 'Tue Nov 24 07:42:14 UTC 2026\n'],
    ['a host name', 'etc/hostname', 'node-1\n'],
    ['a log without an event: it covers a time', 'a.log', 'Nov 24 07:42:14 node-1 sshd[1]: bye\n'],
  ])('is not %s', (_, path, text) => {
    expect(quietLines(bytesOf(text), path)).toBe(-1)
  })

  it('is not UTF-16', () => {
    expect(quietLines(Uint8Array.from(Buffer.from('\ufeffKilled process 12 (java)', 'utf16le')), 'a.txt')).toBe(-1)
  })
})

describe('a place where there is nothing to find', () => {
  it.each([
    ['sys/devices/pci0000:00/vendor', true],
    ['case/sys/kernel/mm/transparent_hugepage/enabled', true],
    ['proc/sys/net/ipv4/tcp_notsent_lowat', true],
    ['proc/4321/maps', true],
    ['sys/fs/cgroup/kubepods.slice/cpu.stat', true],
    ['sys/fs/cgroup/kubepods.slice/memory.max', false],
    ['sys/fs/cgroup/kubepods.slice/memory.events', false],
    ['sys/fs/cgroup/memory/kubepods/memory.failcnt', false],
    ['sys/fs/cgroup/kubepods.slice/memory.current', true],
    ['sys/fs/cgroup/kubepods.slice/memory.stat', true],
    ['sys/fs/cgroup/kubepods.slice/cgroup.procs', true],
    ['proc/4321/status', false],
    ['proc/sys/vm/overcommit_memory', false],
    ['proc/uptime', false],
    ['sys/fs/pstore/dmesg-efi-1', false],
    ['sys/module/kern.log', false],
    ['var/log/messages', false],
  ])('%s: %s', (path, barren) => {
    expect(isBarren(path)).toBe(barren)
  })

  it('is not even listed where a whole tree is one', () => {
    expect(isBarrenFolder('host/sys/devices')).toBe(true)
    expect(isBarrenFolder('sys/fs')).toBe(false)
    expect(isBarrenFolder('sys/uptime')).toBe(false)
  })
})

describe('a report of a bundle', () => {
  it('lists what told something and counts the others', async () => {
    const folder = tree('bundle', {
      'dmesg.txt': '[   41.511000] Out of memory: Killed process 12 (java) total-vm:1kB, anon-rss:1kB, file-rss:1kB, shmem-rss:0kB\n',
      'etc/a.conf': 'a = 1\n',
      'etc/b.conf': 'b = 1\nc = 2\n',
      'sys/class/net/eth0': '1\n',
      'sys/class/net/eth1': '1\n',
    })
    const { report } = await analyze([folder])
    expect(report.sources.map((s) => s.name.split('/').at(-1))).toEqual(['dmesg.txt'])
    expect(report.quietSources).toMatchObject({ count: 3, lines: 3, bytes: 18 })
    const { report: alone } = await analyze([join(folder, 'etc/a.conf')])
    expect(alone.sources).toHaveLength(1)
  })

  it('knows its layout by files that tell nothing', async () => {
    const folder = tree('kindly', {
      'kind-version.txt': 'kind v0.20\n',
      'kind-worker/kubelet.log': 'I1124 07:42:14.000001     100 server.go:1] Started kubelet\n',
      'kind-worker/serial.log':
        '[   41.511000] Out of memory: Killed process 12 (java) total-vm:1kB, anon-rss:1kB, file-rss:1kB, shmem-rss:0kB\n',
    })
    const { report } = await analyze([folder])
    expect(report.incidents[0]?.host).toBe('kind-worker')
  })
})
