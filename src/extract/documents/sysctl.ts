import type { SettingSnapshot, Snapshot, Told } from '../../model/snapshot.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { firstLines, newFacts, pageOf, toldAt } from './page.ts'

/** `vm.overcommit_memory = 0` of sysctl -a; `=` without blanks in sysctl.conf style. */
const SYSCTL = /^(?<key>(?:abi|crypto|debug|dev|fs|fscache|kernel|net|sunrpc|user|vm)\.[\w.*/:@-]+) ?= ?(?<value>.*)$/
const MEMORY_KEYS =
  /^(?:vm\.|kernel\.(?:panic|hung_task|softlockup|numa_balancing|sysrq|osrelease|hostname|shm|threads-max|pid_max|random\.boot_id))/

/** Settings of the kernel; those of memory and panics are kept. */
export const sysctl: DocumentReader = {
  id: 'sysctl',
  title: 'Kernel settings',
  writtenBy: 'sysctl -a',
  seen: 'documented',
  sniff(head) {
    const lines = firstLines(head, 40).filter((line) => !/^(?:#|sysctl: )/.test(line))
    const hits = lines.filter((line) => SYSCTL.test(line)).length
    return hits > 0 && hits >= lines.length * 0.8 ? 'strong' : 'none'
  },
  read(document) {
    const page = pageOf(document)
    const values: Record<string, Told<string>> = {}
    for (const [index, line] of page.lines.entries()) {
      const groups = SYSCTL.exec(line)?.groups
      const key = groups?.['key']
      if (key !== undefined && MEMORY_KEYS.test(key)) values[key] = toldAt(page, index, (groups?.['value'] ?? '').trim())
    }
    const snapshots: Snapshot[] = Object.keys(values).length === 0 ? [] : [{ kind: 'sysctl', source: document.source, host: null, values }]
    return { ...newFacts(), snapshots }
  },
}

/** `…/proc/sys/vm/overcommit_memory` copied by itself: only the path says what the number is. */
const PROC_SYS = /(?:^|\/)proc\/sys\/(?<key>(?:vm|kernel)\/[\w/-]+)$/

export const procSys: DocumentReader = {
  id: 'proc-sys',
  title: 'One file of /proc/sys',
  writtenBy: 'the kernel',
  seen: 'documented',
  sniff(head, path) {
    const key = PROC_SYS.exec(path)?.groups?.['key']
    return key !== undefined &&
      MEMORY_KEYS.test(key.replaceAll('/', '.')) &&
      key !== 'kernel/random/boot_id' &&
      firstLines(head, 3).length === 1
      ? 'strong'
      : 'none'
  },
  read(document) {
    const page = pageOf(document)
    const key = (PROC_SYS.exec(document.path)?.groups?.['key'] ?? '').replaceAll('/', '.')
    const index = page.lines.findIndex((line) => line.trim() !== '')
    if (index === -1) return newFacts()
    const values = { [key]: toldAt(page, index, (page.lines[index] ?? '').trim()) }
    return { ...newFacts(), snapshots: [{ kind: 'sysctl', source: document.source, host: null, values }] }
  },
}

/** Counters since boot that tell of memory trouble (mm/vmstat.c). `oom_kill` counts every kernel kill (4.13 and later). */
const COUNTERS: ReadonlySet<string> = new Set([
  'oom_kill',
  'allocstall_normal',
  'allocstall_movable',
  'allocstall_dma32',
  'compact_fail',
  'balloon_inflate',
  'balloon_deflate',
  'pswpin',
  'pswpout',
])

export const vmstat: DocumentReader = {
  id: 'proc-vmstat',
  title: '/proc/vmstat',
  writtenBy: 'the kernel',
  seen: 'real',
  sniff(head) {
    const lines = firstLines(head, 4)
    return /^nr_free_pages \d+$/.test(lines[0] ?? '') && lines.every((line) => /^[a-z]\w* \d+$/.test(line)) ? 'strong' : 'none'
  },
  read(document) {
    const page = pageOf(document)
    const values: Record<string, Told<string>> = {}
    for (const [index, line] of page.lines.entries()) {
      const [key, value] = line.trim().split(' ')
      if (key !== undefined && value !== undefined && COUNTERS.has(key)) values[`vmstat.${key}`] = toldAt(page, index, value)
    }
    const snapshot: SettingSnapshot = { kind: 'setting', source: document.source, host: null, values }
    return { ...newFacts(), snapshots: Object.keys(values).length === 0 ? [] : [snapshot] }
  },
}
