import type { KillItem, KillPrefix } from './item.ts'
import { splitPrefix } from './kill-prefix.ts'
import { bytesOfKb, commOf, fitsComm, type Shape, safeInteger } from './shape.ts'
import { unwornKill } from './worn-kill.ts'

/** What a screen's edge leaves of a word that stands last: `total-v`, `anon`. */
const begunWord = (word: string): string => [...word].reduceRight((rest, letter) => `(?:${letter}${rest})?`, '')

// One alternative per spelling of who died. The command may hold `) total-vm:9kB`: greedy, so that the last one ends it.
const whoForms: readonly RegExp[] = [
  /** RHEL7 -1160: `1234 (java), UID 48, total-vm:…` */
  /^(?<pid>\d+) \((?<comm>.*)\), UID (?<uid>-?\d+)(?<figures>,? (?:total-vm|vsz):.*)$/s,
  /** 2.6.34 and later: `1234 (java) total-vm:…`; somebody may have left figures out: `1234 (java) anon-rss:…`, `1234 (java) ..., anon-rss:…` */
  /^(?<pid>\d+) \((?<comm>.*)\),? (?<figures>(?:[^)]{0,3}(?:\.{3}|…|snip)[^)]{0,8})?(?:total-vm|vsz|anon-rss|file-rss|shmem-rss|UID|pgtables|oom_score_adj):.*)$/s,
  /** RHEL6, vserver: `1234, UID 48, (java) total-vm:…`, `1234:#40, UID 48, (java) …`; late RHEL5: `1234, UID 48, (java).` */
  /^(?<pid>\d+)(?::#?\d+)?, UID (?<uid>-?\d+), \((?<comm>.*)\)(?<figures>(?:\.\s*| .*)?)$/s,
  /** up to 2.6.33: `1234 (java)`, up to 2.6.18 with a full stop */
  /^(?<pid>\d+) \((?<comm>.*)\)(?<figures>\.?\s*)$/s,
  /** cut behind the name, by hand, a pager or a screen's edge: `1234 (java) ...`, `1234 (java) total-v>`, `1234 (java), UID 4`, `1234 (java) tot` */
  new RegExp(
    String.raw`^(?<pid>\d+) \((?<comm>.*)\)(?<figures>,? ?(?:\.{3}|…|[[<(]?snip[\])>]?|[a-z-]{0,9}>|${begunWord('UID')} ?(?:(?<=UID )\d*)?|(?:UID \d+, ?)?${begunWord('total-vm')})\s*)$`,
    's',
  ),
]
/** Spreadsheets and office programs group digits: `anon-rss:512,044kB`. */
const figure = /(total-vm|vsz|anon-rss|file-rss|shmem-rss|pgtables): ?(\d{1,3}(?:[,.']\d{3})+(?!\d)|\d+)\s?kB/g

function readFigures(text: string): Record<string, number> {
  const values: Record<string, number> = {}
  for (const [, key, kb] of text.matchAll(figure))
    if (key !== undefined && !(key in values)) values[key] = bytesOfKb((kb ?? '0').replace(/[,.']/g, ''))
  return values
}

function readKilled(text: string): KillItem | null {
  const { prefix, rest } = splitPrefix(text)
  const who = /^Killed process (?<who>\d.*)$/s.exec(rest)?.groups?.who
  if (who === undefined) return null
  for (const form of whoForms) {
    const found = form.exec(who)?.groups
    if (found?.pid === undefined || !fitsComm(found.comm ?? '')) continue
    const figures = found.figures ?? ''
    const values = readFigures(figures)
    const uid = found.uid ?? /\bUID(?:: ?| (?=\d+,))(?<uid>-?\d+)(?!\d|$)/.exec(figures)?.groups?.uid
    const adj = /\boom_score_adj: ?(?<adj>-?\d+)/.exec(figures)?.groups?.adj
    return {
      kind: 'kill',
      pid: Number(found.pid),
      comm: commOf(found.comm ?? ''),
      prefix,
      uid: uid === undefined ? null : Number(uid),
      oomScoreAdj: adj === undefined ? null : Number(adj),
      totalVmBytes: values['total-vm'] ?? values.vsz ?? null,
      anonRssBytes: values['anon-rss'] ?? null,
      fileRssBytes: values['file-rss'] ?? null,
      shmemRssBytes: values['shmem-rss'] ?? null,
      pgtablesBytes: values.pgtables ?? null,
      complete: true,
    }
  }
  return readCutKill(who, prefix)
}

/** `Out of memory in UB 101: OOM killed process 28957 (mysqld) score 0 vm:1103752kB, rss:156348kB, swap:94416kB` of OpenVZ's RHEL6 kernels. */
function readOpenVz(text: string): KillItem | null {
  const form =
    /^(?:Out of memory in UB (?<beancounter>\S+): )?OOM killed process (?<pid>\d+) \((?<comm>.*)\) score -?\d+ vm:(?<vm>\d+)kB, rss:(?<rss>\d+)kB/s
  const found = form.exec(text)?.groups
  if (found?.pid === undefined || !fitsComm(found.comm ?? '')) return null
  // The line gives one RSS for anonymous and file pages together.
  const unknown = { uid: null, oomScoreAdj: null, anonRssBytes: null, fileRssBytes: null, shmemRssBytes: null, pgtablesBytes: null }
  const prefix = found.beancounter === undefined || found.beancounter === '0' ? 'global' : 'memcg'
  return {
    kind: 'kill',
    pid: Number(found.pid),
    comm: found.comm ?? '',
    prefix,
    ...unknown,
    totalVmBytes: bytesOfKb(found.vm ?? '0'),
    complete: true,
  }
}

/** `Killed process 1734 (evil`: cut, or a newline in the name. The pid is whole when something stands behind it. */
function readCutKill(who: string, prefix: KillPrefix | null): KillItem | null {
  const found = /^(?<pid>\d+)(?::#?\d+)?(?<behind>, UID (?<uid>-?\d+),|, U?I?D? ?\d*$)? ?(?<open>\(?)(?<comm>[^)]*)$/s.exec(who)?.groups
  if (found?.pid === undefined || (found.open === '' && found.behind === undefined)) return null
  const figures = { totalVmBytes: null, anonRssBytes: null, fileRssBytes: null, shmemRssBytes: null, pgtablesBytes: null }
  const uid = found.uid === undefined ? null : Number(found.uid)
  const comm = found.open === '' || found.comm === '' ? null : (found.comm ?? null)
  if (comm !== null && !fitsComm(comm)) return null
  return { kind: 'kill', pid: Number(found.pid), comm, prefix, uid, oomScoreAdj: null, ...figures, complete: false }
}

/** Whole, or cut by hand or a screen's edge. A pid that ends the line may have lost digits. */
const reaped = new RegExp(
  String.raw`^oom_reaper: reaped process :?(?<pid>\d+)(?!$)(?: \((?<comm>.*)\)| (?<bare>[^\s()]{1,15})(?=,|$))?(?: \([^)]{0,16}|,? (?:now )?(?<figures>anon-rss:.*)|,? ?${begunWord('now')} ?(?:[.,]|\.{3}|…|${begunWord('anon-rss')})?)$`,
  's',
)

const choiceForms: readonly RegExp[] = [
  /^[Kk]ill process (?<pid>\d+) \((?<comm>.*)\)(?: \[State: [^\]]*\])? score (?<score>-?\d+|\.{3}|…) (?:or sacrifice(?: child|\.{3}|…|$)|or a child|(?<children>and children))/s,
  /** vserver: `Kill process java(1234:40) score 900 or sacrifice child` */
  /^[Kk]ill process (?<comm>.*)\((?<pid>\d+):#?\d+\) score (?<score>-?\d+) (?:or sacrifice child|or a child)/s,
  /** 2.6.18: `Kill process 1234 (java) and children.` */
  /^[Kk]ill process (?<pid>\d+) \((?<comm>.*)\) (?<children>and children)/s,
]

/** Kill lines of all eras and vendors, and what the killer and the reaper say around them (kernel-oom-formats §8.1, 8.3). */
export const killShapes: readonly Shape[] = [
  {
    id: 'kill',
    example:
      'Out of memory: Killed process 517 (clamd) total-vm:2361456kB, anon-rss:1689296kB, file-rss:0kB, shmem-rss:0kB, UID:111 pgtables:4292kB oom_score_adj:0',
    source: 'mm/oom_kill.c __oom_kill_process (oom_kill_process, oom_kill_task), 2.6.11 and later, RHEL6, RHEL7, vserver, Samsung',
    // the small letters: what is left of `Memory cgroup out of memory` that was cut
    first: ' KMNOkmnocefgprtuy.…[<',
    read(text) {
      if (!/kill(?:ed|ED)[ \t]+process[ \t]/i.test(text)) return null
      const plain = text.trimStart()
      const found = readKilled(plain)
      if (found !== null) return found
      const unworn = unwornKill(plain)
      return unworn === null ? null : readKilled(unworn)
    },
  },
  {
    id: 'kill-openvz',
    example: 'Out of memory in UB 101: OOM killed process 28957 (mysqld) score 0 vm:1103752kB, rss:156348kB, swap:94416kB',
    source: 'OpenVZ mm/oom_kill.c (RHEL6 based kernels); from memory, no log at hand',
    first: ' O',
    read: (text) => (text.includes('OOM killed process ') ? readOpenVz(text.trimStart()) : null),
  },
  {
    id: 'choice',
    example: 'Out of memory: Kill process 1532 (badsysprogram) score 919 or sacrifice child',
    source: 'mm/oom_kill.c oom_kill_process, up to 5.0; names the chosen process, of which a child may die instead',
    first: ' KMNOk',
    read(text) {
      if (!text.includes('ill process ')) return null
      const { prefix, rest } = splitPrefix(text.trimStart())
      if (!/^[Kk]ill process /.test(rest)) return null
      for (const form of choiceForms) {
        const found = form.exec(rest)?.groups
        if (found?.pid === undefined || !fitsComm(found.comm ?? '')) continue
        const score = found.score === undefined || !/\d/.test(found.score) ? null : safeInteger(found.score)
        return { kind: 'choice', pid: Number(found.pid), comm: found.comm ?? '', score, prefix, child: found.children === undefined }
      }
      return null
    },
  },
  {
    id: 'sharing',
    example: 'Kill process 1234 (java) sharing same memory',
    source: 'mm/oom_kill.c oom_kill_process, 2.6.36 to ~4.8',
    first: ' K',
    read(text) {
      const found = /^Kill process (?<pid>\d+) \((?<comm>.*)\) sharing same memory/s.exec(text.trimStart())?.groups
      return found?.pid === undefined ? null : { kind: 'sharing', pid: Number(found.pid), comm: found.comm ?? '' }
    },
  },
  {
    id: 'spared',
    example: 'Memory cgroup out of memory: OOM victim 1234 (java) is already exiting. Skip killing the task',
    source:
      'mm/oom_kill.c __oom_kill_process, 6.x; RHEL6: `Would have killed process N (COMM). But continuing instead.`; init shares the memory: `oom killer N (COMM) has mm pinned by N (COMM)`',
    first: ' MNOWot',
    read(text) {
      if (!/OOM victim|Would have|oom killer|tried to kill/.test(text)) return null
      const { rest } = splitPrefix(text.trimStart())
      const found =
        /^(?:OOM victim (?<exiting>\d+) \((?<comm>.*)\) is already exiting|Would have killed process (?<would>\d+)|oom killer (?<pinned>\d+) \(.*\) has mm pinned by|tried to kill (?:init!|an mm-less task))/s.exec(
          rest,
        )?.groups
      if (found === undefined) return null
      const pid = found.exiting ?? found.would ?? found.pinned
      return { kind: 'spared', pid: pid === undefined ? null : Number(pid), comm: found.comm ?? null }
    },
  },
  {
    id: 'reaped',
    example: 'oom_reaper: reaped process 517 (clamd), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB',
    source: 'mm/oom_kill.c oom_reap_task_mm, 4.6 and later',
    first: 'o',
    read(text) {
      const found = reaped.exec(
        text.replace(/^(oom_reaper:)\s+(reaped)\s+(process)\s+(:?\d+)\s+/, '$1 $2 $3 $4 ').replace(/(?<=\)),\s+now\s+/, ', now '),
      )?.groups
      if (found?.pid === undefined) return null
      const values = readFigures(found.figures ?? '')
      if (!fitsComm(found.comm ?? '')) return null
      return {
        kind: 'reaped',
        pid: Number(found.pid),
        comm: commOf(found.comm ?? found.bare ?? '...'),
        anonRssBytes: values['anon-rss'] ?? null,
        fileRssBytes: values['file-rss'] ?? null,
        shmemRssBytes: values['shmem-rss'] ?? null,
      }
    },
  },
  {
    id: 'unable-to-reap',
    example: 'oom_reaper: unable to reap pid:1234 (java)',
    source: 'mm/oom_kill.c oom_reap_task, 4.6 and later',
    first: 'o',
    read(text) {
      const found = /^oom_reaper: unable to reap pid:(?<pid>\d+) \((?<comm>.*)\)/s.exec(text)?.groups
      return found?.pid === undefined ? null : { kind: 'unable-to-reap', pid: Number(found.pid), comm: found.comm ?? '' }
    },
  },
]
