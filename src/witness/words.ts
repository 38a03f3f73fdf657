import type { ProofWord } from '../model/sighting.ts'
import { spelledOut } from './spelled.ts'

/** Words of a proven death, and how they stand in a line. */
export interface Proof {
  readonly word: ProofWord
  /** Stands in every line that the shape fits: what large logs are searched for. `null` where a reader's own literals find such lines anyway. */
  readonly literal: string | null
  /** `pid`: the process that died. Blanks may be doubled, lost case is no matter: what is damaged is still a proof. */
  readonly shape: RegExp
  /** What must stand somewhere behind; it may hold the `pid`. Sought once, so that a line is read in linear time. */
  readonly rest?: RegExp
}

/**
 * The contract's words, each with whose they are. Nothing here is shared with the readers of `formats/` and `extract/`: what those lose, this room
 * must still see.
 */
const proofs: readonly Proof[] = [
  // Linux, mm/oom_kill.c: `Killed process 279 (java) total-vm:…`; `Killed process 279, UID 0, (java)` up to 2.6.36
  // as people retell it: `Killed process: #279 (java)`, `Killed process #279`, `Killed process pid=279`, `Killed process279(java)`
  {
    word: 'killed-process',
    literal: 'Killed process',
    shape: /\bKilled\s+process\s{0,8}:?\s{0,8}#?\s{0,8}(?:pid\s{0,4}[:=]?\s{0,4})?(?<pid>\d+)/i,
  },
  // the number behind the name: `Killed process: gunicorn (pid 7321)`; in a form: `Killed+process+7321`
  {
    word: 'killed-process',
    literal: null,
    shape: /\bKilled\s+process:?\s+[^\s\d(]\S{0,31}\s{0,4}[(,[]?\s{0,4}pid\s{0,4}[:=]?\s{0,4}(?<pid>\d+)/i,
  },
  { word: 'killed-process', literal: null, shape: /\bKilled\+process\+(?<pid>\d+)/i },
  // the number left out or masked: `Killed process ... (java) total-vm:…`, `Killed process <pid> (java)`
  { word: 'killed-process', literal: null, shape: /\bKilled\s+process\s+(?:\.{2,}|…|[x*#]{2,}|<[^<>\s]{1,16}>|\[[^[\]\s]{1,16}\])\s?\(/i },
  // what a scanner of pictures makes of it: `Ki11ed process 9l234 (worker)`
  {
    word: 'killed-process',
    literal: null,
    shape: /(?!Killed\s+process\s+\d)\bK[il1I|!][l1I|!]{2}ed\s+pr[o0O]cess\s+[\dlIOoSB]{1,10}\s?[([{]/,
  },
  { word: 'oom-kill', literal: null, shape: /(?!oom-kill:)\b[o0O]{2}m-k[il1I|!][l1I|!]{2}:\s?constra[il1]nt/ },
  // up to 4.20: `Kill process 86854 (postgres) score 1142 or sacrifice child`, `kill process 1727 (x) score 3 or a child`
  {
    word: 'kill-process',
    literal: 'or sacrifice child',
    shape: /\bKill\s+process\s+(?<pid>\d+)\b/i,
    rest: /\bor\s+(?:sacrifice\s+child|a\s+child)/i,
  },
  // cut behind the name: `Out of memory: Kill process 9 (x)`
  { word: 'kill-process', literal: null, shape: /\bKill\s+process\s+(?<pid>\d+)\s{0,8}\([^()]{0,32}\)\W{0,8}$/ },
  // a column or a break between the words: `process 279 (java) total-vm:…` begins the line
  { word: 'killed-process', literal: null, shape: /^\W{0,8}process\s+(?<pid>\d+)\s?\([^()]{1,32}\),?\s+total-vm\b/i },
  // from 4.19: `oom-kill:constraint=…,task=java,pid=279,uid=0`
  { word: 'oom-kill', literal: 'oom-kill:', shape: /\boom-kill:/i, rest: /(?:[,;]\s{0,8}|\s)pid=(?:3D)?\s{0,8}(?<pid>\d+)/i },
  { word: 'reaped', literal: 'oom_reaper: reaped', shape: /\breaped\s+process\s+:?(?<pid>\d+)/i },
  // kubelet, from 1.20: `System OOM encountered, victim process: java, pid: 376`
  { word: 'victim-process', literal: 'victim process', shape: /\bvictim\s+process:?\s/i, rest: /,\s*pid:\s*(?<pid>\d+)/i },
  // kubelet, on cadvisor's word: `Got sys oom event event="&{Pid:8812 ProcessName:sidekiq …}"`
  { word: 'victim-process', literal: null, shape: /\bGot sys oom event\b/i, rest: /\bPid:(?<pid>\d+)/ },
  // API, docker, podman: a field that is `false` and a label of a metric or query are no death
  {
    word: 'oomkilled',
    literal: 'OOMKilled',
    shape:
      /(?<!=~?\\?")(?<!\/)\b(?:Init:)?(?:[A-Za-z]{0,24}OOMKilled|O[Oo]m[Kk]illed|oom_?killed|OOM[- _][Kk]illed|oom-killed)\b(?!\\?"?\s*[:=]\s*\\?"?(?:false|0\b|no\b|null))|reason="OOMKilled"[^{}]*\}\s+(?:=>\s+)?[1-9]/,
  },
  {
    word: 'evicted',
    literal: 'evicted successfully',
    shape:
      /\bpods? is evicted successfully\b|\breason\\?"?\s*[:=]\s*\\?"?Evicted\b|\b(?:Warning|Normal)\s+Evicted\s|\s\d+\/\d+\s+Evicted\s|(?:^|\t)Evicted\t/i,
  },
  // runc, shown by kubelet, dockerd, events and ECS
  { word: 'init-killed', literal: 'container init was OOM-killed', shape: /\bcontainer init was OOM-killed\b/i },
  // systemd: `Failed with result 'oom-kill'`, `Result: oom-kill`, `(result: oom-kill)`
  { word: 'unit-result', literal: "result 'oom-kill'", shape: /\bresult\s{0,3}[:=]?\s{0,3}'?oom-kill\b/i },
  // node-problem-detector and its kin: a reason of an event
  { word: 'npd', literal: 'OOMKilling', shape: /\b(?:Pod)?OOMKilling\b(?!\s*\()/ },
  {
    word: 'systemd-oomd',
    literal: null,
    shape: /\bKilled \/?\S+ due to memory (?:pressure for|used \()|\bKilled \/?\S+ due to swap used \(/,
  },
  { word: 'earlyoom', literal: null, shape: /\bsending SIG(?:TERM|KILL) to process (?<pid>\d+)/ },
  { word: 'nohang', literal: null, shape: /\bSending SIG(?:TERM|KILL) to \S/i, rest: /\bPid:? (?<pid>\d+)/i },
  { word: 'nohang', literal: null, shape: /\bSending SIG(?:TERM|KILL) to the victim\W{0,8}$/ },
  { word: 'oomd', literal: null, shape: /\boomd kill: / },
  { word: 'lmkd', literal: null, shape: /\blowmemorykiller(?:\( *\d+\))?: Kill(?:ing)? '/, rest: /' \((?<pid>\d+)\)/ },
  // FreeBSD, vm_pageout.c: `pid 862 (ubench), jid 0, uid 0, was killed: failed to reclaim memory`
  {
    word: 'killed-process',
    literal: null,
    shape:
      /\bpid (?<pid>\d+) \([^()]{1,32}\), (?:jid \d+, )?uid \d+, was killed: (?:failed to reclaim memory|out of swap space|a thread waited too long)/,
  },
  // amazon-ecs-agent, docker's event `oom`
  { word: 'oomkilled', literal: null, shape: /\bprocess within container died due to OOM\b/ },
  { word: 'talos', literal: null, shape: /\bSending SIGKILL to cgroup\b/ },
  {
    word: 'slurm',
    literal: null,
    shape:
      /\bDetected \d+ oom[-_]kill event|\bexceeded (?:virtual )?memory limit \(\d+ > \d+\), being killed|\b(?:JobState=|State: )OUT_OF_MEMORY\b|\bOUT_OF_ME(?:MORY|\+)[\s|]{1,40}\d{1,3}:\d{1,3}\b/,
  },
  {
    word: 'yarn',
    literal: null,
    shape: /\bContainer \[pid=(?<pid>\d+),/i,
    rest: /\bis running (?:-?\d+B )?beyond (?:the )?'?(?:physical|virtual)/i,
  },
]

/** What large sources are searched for on the witness's behalf. */
export const witnessLiterals: readonly string[] = proofs.flatMap(({ literal }) => (literal === null ? [] : [literal]))

/** Stands in every line that any shape fits: one look spares the others. */
const ANY =
  /k[i1l|!][l1i|!]{2}(?:ed|ing)?(?:\s+|%20|\+)(?:pr[o0]cess|\/)|^\W{0,8}process\s+\d|reaped\s+process|oom[-_ ]?killed|[o0]{2}m-k[i1l|!][l1i|!]{2}|oom_reaper|victim\s+process|sys oom event|OOMKill|OOM-killed|evicted|due to (?:memory|swap)|sending SIG|oomd kill|lowmemorykiller|oom_kill event|memory limit \(|OUT_OF_ME|was killed: |died due to OOM|running (?:-?\d+B )?beyond /gi

export interface Seen {
  readonly word: ProofWord
  readonly pid: number | null
  /** What stands around the words, in a line too long to quote whole. */
  readonly text: string
  /** Where the words begin in the line; 0 where an encoding had to be undone to see them. */
  readonly at: number
}

/** A longer line (a whole document on one) is looked at, and quoted, around the words. */
export const WIDEST = 4000
const BEFORE = 200
/** What stands behind a metric's labels in Prometheus' JSON where one of its samples is none of `"0"`. */
const COUNTS = /^\}\s{0,4},\s{0,4}"values?"\s{0,4}:[^{}]*?,\s{0,4}"(?!0*(?:\.0*)?")/

/** What a line proves, also where an address, a page or a string encoded it; quoted as it stands. */
export function proofsIn(line: string): Seen[] {
  const seen = plainProofs(line)
  const spelled = seen.length > 0 ? null : spelledOut(line)
  return spelled === null ? seen : plainProofs(spelled).map((own) => ({ ...own, text: line.slice(0, WIDEST), at: 0 }))
}

function plainProofs(line: string): Seen[] {
  ANY.lastIndex = 0
  let found = ANY.exec(line)
  if (found === null) return []
  if (line.length <= WIDEST) return proofsOf(line)
  const seen: Seen[] = []
  let behind = 0
  for (; found !== null; found = ANY.exec(line)) {
    if (found.index < behind) continue
    const from = Math.max(behind, found.index - BEFORE)
    behind = found.index + WIDEST - BEFORE
    const here = proofsOf(line.slice(from, behind)).map((own) => ({ ...own, at: from + own.at }))
    seen.push(...here.sort((a, b) => a.at - b.at))
  }
  return seen
}

/** Whether a word is one of a metric's labels (`{"__name__":"kube_pod_container_status_last_terminated_reason","reason":"OOMKilled"}`), and no sample says that it is so. */
function isIdleLabel(text: string, at: number): boolean {
  const end = text.indexOf('}', at)
  const labels = text.slice(text.lastIndexOf('{', at) + 1, end === -1 ? text.length : end)
  return labels.includes('"__name__"') && !(end !== -1 && COUNTS.test(text.slice(end)))
}

function proofsOf(text: string): Seen[] {
  const seen: Seen[] = []
  for (const { word, shape, rest } of proofs) {
    const match = shape.exec(text)
    if (match === null) continue
    const behind = rest?.exec(text.slice(match.index + match[0].length))
    if (behind === null || isIdleLabel(text, match.index)) continue
    const pid = match.groups?.['pid'] ?? behind?.groups?.['pid']
    seen.push({ word, pid: pid === undefined ? null : Number(pid), text, at: match.index })
  }
  return seen
}
