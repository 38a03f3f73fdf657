import { describe, expect, it } from 'vitest'
import { beforeHeader, certainTextAt, holdsReportText, isCertainText } from '../../../src/formats/fronts/kernel-text.ts'

/** Beginnings of a report's lines, as kernels of 2.6.18 to 7.x print them. */
const ofReports = [
  'Out of memory: Killed process 41 (java) total-vm:9kB',
  'Out of memory: Kill process 41 (java) score 9 or sacrifice child',
  'Out of Memory: Killed process 41 (java).',
  'Out of memory (oom_kill_allocating_task): Killed process 41 (java)',
  'Memory cgroup out of memory: Killed process 41 (java)',
  'Memory cgroup out of memory: OOM Killed process 41',
  'OOM[7]: Memory cgroup out of memory: Killed process 41 (java)',
  'No available memory (MPOL_BIND): kill process 41 (java)',
  'No available memory in cpuset: Killed process 41 (java)',
  'Out of memory in UB 101: OOM killed process 41 (java)',
  'Out of memory: OOM victim 41 (java)',
  'Memory cgroup out of memory: OOM victim 41 (java)',
  'Killed process 41 (java) total-vm:9kB',
  'Killed process 41:#7 (java)',
  'Killed process 41, UID 0, (java)',
  'oom-kill:constraint=CONSTRAINT_NONE',
  'oom-kill: constraint=CONSTRAINT_NONE',
  'oom_reaper: reaped process 41 (java)',
  'oom_reaper: unable to reap pid:41',
  'CPU: 1 PID: 41 Comm: java',
  'CPU: 1 UID: 0 PID: 41 Comm: java',
  'Pid: 41, comm: java',
  'Mem-Info:',
  'Mem-info:',
  'Tasks state (memory values in pages):',
  '[  pid  ]   uid  tgid total_vm',
  '[ pid ]   uid  tgid total_vm',
  'Hardware name: x',
  'Call Trace:',
  'Call trace:',
  'memory: usage 9kB, limit 9kB',
  'memory+swap: usage 9kB, limit 9kB',
  'kmem: usage 9kB, limit 9kB',
  'swap: usage 9kB, limit 9kB',
  'Memory cgroup stats for /a:',
  'Memory cgroup stats: cache:1KB',
  'Memory cgroup min protection 0kB',
  'Memory cgroup low protection 0kB',
  'Task in /a killed as a result of limit of /a',
  'Tasks in /a are going to be killed due to memory.oom.group set',
  'active_anon:1 inactive_anon:2',
  'Node 0 DMA: 1*4kB',
  'Node 0 DMA32 free:1kB',
  'Node 0 Normal free:1kB',
  'Node 0 HighMem free:1kB',
  'Node 0 Movable free:1kB',
  'Node 0 Device free:1kB',
  'Node 0 active_anon:1kB',
  'Node 0 hugepages_total=0',
  'lowmem_reserve[]: 0 1',
  'Out of memory and no killable processes...',
  'System is deadlocked on memory',
  'Kernel panic - not syncing: x',
]

/** Other programs' and wrappings' own beginnings. */
const ofOthers = [
  "lowmemorykiller: Kill 'a' (41)",
  'Memory status that requires corrective actions',
  'Sending SIGTERM to a, pid 41',
  'Sending SIGKILL to a, (Pid: 41)',
  'sending SIGTERM to process 41 uid 0',
  'sending SIGKILL to process 41 uid 0',
  'Sending SIGTERM to the victim',
  'mem avail:   900 of 1800 MiB',
  'low memory! at or below SIGTERM limits',
  'Killed /a.slice due to memory pressure',
  'Killed /a.slice due to swap used',
  'Linux version 6.1.0-1 (a@b)',
  'rtc_cmos 00:01: setting system clock to x',
  'rtc-efi: setting system clock to x',
  'Waking up from system sleep state S3',
  'ACPI: PM: Waking up from system sleep state S3',
  'ACPI: Waking up from system sleep state S3',
  'Restarting tasks ... done.',
  'Restarting tasks: Starting',
  'PM: Restarting tasks ...',
  'PM: suspend exit',
  'PM: hibernation exit',
  'PM: hibernation: hibernation exit',
  'Nov 24 07:04:29 node7 app[1]: x',
  '<4>Nov  4 07:04:29 node7 app: x',
  '2026-11-24T07:04:29Z node7 app: x',
  '<4>2026-11-24T07:04:29.123+01:00 node7 app[1]: x',
  'E1124 07:04:29.123456    1234 a/b.go:12] x',
  'time="2026-11-24T07:04:29Z" level=info',
]

describe('where a text begins for certain', () => {
  it.each(ofReports)('%s', (text) => {
    expect(certainTextAt(text)).toBe(0)
    expect(certainTextAt(`@@ x7 ${text}`)).toBe(6)
    expect(holdsReportText(`x ${text}`)).toBe(true)
    expect(isCertainText(`x ${text}`, 2)).toBe(true)
    expect(isCertainText(`x ${text}`, 0)).toBe(false)
  })

  it.each(ofOthers)('%s, which is no report of the kernel', (text) => {
    expect(certainTextAt(text)).toBe(0)
    expect(certainTextAt(`@@ x7 ${text}`)).toBe(6)
    expect(holdsReportText(text)).toBe(false)
    expect(isCertainText(text, 0)).toBe(false)
  })

  it.each([
    'Killed process: 41',
    'Killed process 41 was seen',
    'out of memory: kill process x',
    'Out of memory (Java): Killed',
    'oom_reaper: x',
    'CPU: 1 PID: x',
    'Mem-Info: is what it prints',
    'Call Trace: of it',
    'Tasks state',
    'memory: usage high',
    'Task in /a is killed',
    'Task in a killed as a result of limit of /a',
    'Node 0 x',
    'Node a DMA',
    'Sending SIGTERM to a',
    'mem avail: much of it',
    'Killed a due to memory',
    'Linux version 6',
    'PM: suspend entry',
    'Nov 24 07:04:29 node7 2026: x',
    'XNov 24 07:04:29',
  ])('not in: %s', (text) => {
    expect(certainTextAt(text)).toBe(-1)
  })

  it('the leftmost beginning is one’s own, near a line’s begin', () => {
    expect(certainTextAt('x Memory cgroup out of memory: Killed process 41 (java)')).toBe(2)
    expect(certainTextAt(`${'x'.repeat(200)}Mem-Info:`)).toBe(200)
    expect(certainTextAt(`${'x'.repeat(201)}Mem-Info:`)).toBe(-1)
  })

  it('a trigger’s line by its name of one word', () => {
    expect(beforeHeader('node7 java invoked oom-killer: gfp_mask=0x0')).toBe('node7 java')
    expect(beforeHeader('java: invoked oom-killer: gfp_mask=0x0')).toBe('java:')
    expect(beforeHeader('java invoked the oom-killer')).toBeNull()
    expect(beforeHeader(`${'x'.repeat(200)} invoked oom-killer: `)).toBe('x'.repeat(200))
    expect(beforeHeader(`${'x'.repeat(201)} invoked oom-killer: `)).toBeNull()
    expect(isCertainText('java invoked oom-killer: gfp_mask=0x0', 0)).toBe(true)
    expect(isCertainText('node7 java invoked oom-killer: gfp_mask=0x0', 0)).toBe(false)
    expect(isCertainText('a-name-of-17-char invoked oom-killer: x', 0)).toBe(false)
  })
})
