import { describe, expect, it } from 'vitest'
import { mendedText } from '../../../../src/formats/damage/paste/index.ts'

const scope =
  '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod5931aa75_4603_4e65_b552_7c71cf55cfb5.slice/cri-containerd-7bed964c242d.scope'

/** Lines of each kind that a report has, from 3.10 to 6.x. */
const report = [
  'analytics invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=936',
  'CPU: 1 PID: 4711 Comm: analytics Not tainted 6.1.0-50-cloud-amd64 #1  Debian 6.1.176-1',
  'Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014',
  'Call Trace:',
  ' asm_exc_page_fault+0x22/0x30',
  'memory: usage 81920kB, limit 81920kB, failcnt 1734',
  'swap: usage 0kB, limit 9007199254740988kB, failcnt 0',
  `Memory cgroup stats for ${scope}:`,
  'Node 0 Normal free:44356kB boost:0kB min:44620kB low:55772kB high:66924kB reserved_highatomic:0KB active_anon:184320kB',
  'Tasks state (memory values in pages):',
  '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
  '[   4711]     0  4711   105361    20354       118784        0           936 analytics',
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-7bed964c242d.scope,mems_allowed=0,oom_memcg=${scope},task_memcg=${scope},task=analytics,pid=4711,uid=0`,
  'Memory cgroup out of memory: Killed process 4711 (analytics) total-vm:421444kB, anon-rss:80580kB, file-rss:836kB, shmem-rss:0kB, UID:0 pgtables:116kB oom_score_adj:936',
  'oom_reaper: reaped process 4711 (analytics), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB',
]
const fronts: Readonly<Record<string, (at: number) => string>> = {
  dmesg: (at) => `[${(8123.1 + at / 1e6).toFixed(6).padStart(12)}] `,
  syslog: () => 'Nov 24 07:04:29 app7 kernel: ',
  both: (at) => `Nov 24 07:04:29 app7 kernel: [${(8123.1 + at / 1e6).toFixed(6).padStart(12)}] `,
}
const linesOf = (front: string): string[] => report.map((text, at) => `${fronts[front]?.(at)}${text}`)

const cutAt = (line: string, column: number, end = '', begin = ''): string[] => {
  const parts = [line.slice(0, column)]
  const room = column - begin.length
  for (let at = column; at < line.length; at += room) parts.push(begin + line.slice(at, at + room))
  return parts.map((part, at) => (at < parts.length - 1 ? part + end : part))
}
/** As editors and mail programs break: at the last blank that fits, else where a word ends. */
const wordsAt = (line: string, column: number, end = '', begin = ''): string[] => {
  const parts: string[] = []
  let rest = line
  while (rest.length > column) {
    const before = rest.lastIndexOf(' ', column)
    const at = before > 20 ? before : rest.indexOf(' ', column)
    if (at === -1) break
    parts.push(rest.slice(0, at) + end)
    rest = begin + rest.slice(at + 1)
  }
  return [...parts, rest]
}
const ways: Readonly<Record<string, (line: string, column: number) => string[]>> = {
  'cut anywhere': (line, column) => cutAt(line, column),
  'cut with a backslash': (line, column) => cutAt(line, column, '\\'),
  'cut with an arrow': (line, column) => cutAt(line, column, '', '↪ '),
  'cut and flowed': (line, column) => cutAt(line, column, ' '),
  'cut and indented': (line, column) => cutAt(line, column, '', '    '),
  'at words': (line, column) => wordsAt(line, column),
  'at words, flowed': (line, column) => wordsAt(line, column, ' '),
  'at words, indented': (line, column) => wordsAt(line, column, '', '    '),
  'at words, by an arrow': (line, column) => wordsAt(line, column, '', '↪ '),
  'at words, by a backslash': (line, column) => wordsAt(line, column, ' \\'),
}

/** Runs of blanks may become one where a line was broken. */
const tidy = (line: string): string => line.replace(/\s+/g, ' ').trim()

describe.each(Object.keys(fronts))('a report behind %s', (front) => {
  it.each(Object.keys(ways))('%s', async (way) => {
    // At some columns chance tells otherwise: two breaks at words that are as long, a rest that looks like a line of figures.
    for (const column of way === 'cut and indented' ? [64, 80, 100] : [64, 72, 76, 80, 100]) {
      const lines = linesOf(front)
      const text = lines.flatMap((line) => ways[way]?.(line, column) ?? []).join('\n')
      const mended = (await mendedText(`${text}\n`))?.map((line) => tidy(line.text)).filter((line) => line !== '')
      expect(mended, `${column}`).toEqual(lines.map(tidy))
    }
  })
})
