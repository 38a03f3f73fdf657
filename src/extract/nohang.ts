import type { Quote } from '../model/origin.ts'
import type { LogRecord } from '../model/record.ts'
import { bytesOfSize } from '../units/bytes.ts'
import type { Extractor, ExtractorSession, ExtractSink } from './define-extractor.ts'
import { numberOf, quoteOf } from './event-base.ts'
import { type KillParts, killEvent } from './kill-event.ts'
import { perHost } from './per-host.ts'
import { mayBeBy } from './speaker.ts'

/** `  MemAvailable [47 MiB, 0.4 %] <= soft_threshold_min_mem [590 MiB, 5.0 %]`, also `SwapFree`, `PSI avg (…) >` … */
const reasonShape = /^\s*(?<what>MemAvailable|SwapFree|Mem ?used zram|PSI|some avg\d+|full avg\d+)\b[^<>]*[<>]/
const availableShape = /MemAvailable \[(?<available>\d+ MiB)/
/** `  Name:      java`, `  PID:       4242`, `  VmRSS:     4352 (Anon: 4300, File: 52, Shmem: 0) MiB`, `  CGroup_v2: /user.slice/…`, `  Cmdline:   java -jar` */
const factShape = /^\s+(?<key>[A-Za-z][\w/, ]{1,24}?): +(?<value>\S.*)$/
/** `  Sending SIGTERM to the victim` with the facts above it; old versions `Sending SIGKILL to java, Pid 4242`. */
const sendingShape = /^\s*Send(?:ing)? (?<signal>SIG\w+) to (?:the victim|(?<comm>\S.{0,80}?),? {1,8}\(?[Pp][Ii][Dd]:? (?<pid>\d{1,20})\)?)/
/**
 * Newer: `  PID:       526, name: firefox, state: S (sleeping), EUID: 1000, SID: 526 (firefox), lifetime: 16.6s`; a name may hold a comma. Before it, when the
 * victim is found: `  PID: 526, Name: firefox, badness: 801` (0.2, find_victim).
 */
const statusShape = /^(?<pid>\d{1,10}), [Nn]ame: (?<comm>.*?), (?:state: .*?, EUID: (?<uid>\d{1,10})|badness: )/
const namesVictim = /^(?:PID|Pid|Name|VmRSS|Vm, MiB|[Cc][Gg]roup_v[12])$/
const headShape = /Memory status that requires corrective actions/
/**
 * Where the head is lost: `Process with highest badness (found in 14ms):`, `TOP printed in 3ms; process with highest badness:`, `Victim status (found in 1ms):`,
 * `Implementing a corrective action:`.
 */
const victimShape = /(?<found>with highest badness)|Victim status \(found|^\s*Implementing a corrective action:/
/** `New victim is cached victim 526 (firefox)`: one that had its SIGTERM before. */
const cachedShape = /^\s*New victim is cached victim (?<pid>\d{1,10}) \((?<comm>.*)\)$/
/** An action that ends without a signal, or whose signal reached nobody (implement_corrective_action). */
const givenUp = /Thresholds is not exceeded now|< min_badness|max_soft_exit_time is not exceeded|died in the search process|^\s*<{20}/
/** What follows a signal that was sent. */
const isSent = /^\s*OK; total response time|victim died in \d/

interface Draft {
  reason: Quote | null
  reasonText: string | null
  facts: Record<string, string>
  record: LogRecord | null
  /** When the last line with a stamp was written: its own file stamps a message's first line only. */
  told: LogRecord['moment'] | null
  signal: string | null
  comm: string | null
  pid: string | null
  /** The lines are nohang's: something above the signal, or a line below it, says so. */
  sure: boolean
  /** The victim had a signal before. */
  isCached: boolean
  readonly context: Quote[]
  patience: number
}

/** A table of processes, the victim's facts, the command line and its ancestry stand between the head and the signal. */
const patience = 150
const fresh = (sure: boolean): Draft => ({
  reason: null,
  reasonText: null,
  facts: {},
  record: null,
  told: null,
  signal: null,
  comm: null,
  pid: null,
  sure,
  isCached: false,
  context: [],
  patience,
})

function partsOf({ facts, signal, comm, pid, reasonText }: Draft): KillParts {
  const rss = /^(?<mib>\d+)/.exec(facts['VmRSS'] ?? '')?.groups?.['mib']
  const cgroup = [facts['CGroup_v2'], facts['cgroup_v2'], facts['CGroup_v1'], facts['cgroup_v1']].find(
    (path) => path?.startsWith('/') && path !== '/',
  )
  const status = statusShape.exec(facts['PID'] ?? '')?.groups
  const newRss = /\bRSS: (?<mib>\d+)/.exec(facts['Vm, MiB'] ?? '')?.groups?.['mib']
  const adj = /oom_score_adj: +(?<adj>-?\d+)/.exec(facts['badness'] ?? '')?.groups?.['adj']
  const available = availableShape.exec(reasonText ?? '')?.groups?.['available']
  return {
    pid: numberOf(pid ?? status?.['pid'] ?? facts['PID'] ?? facts['Pid']),
    comm: comm ?? status?.['comm'] ?? facts['Name'] ?? null,
    uid: numberOf(status?.['uid'] ?? /^\d+/.exec(facts['EUID'] ?? facts['UID'] ?? facts['UID/EUID'] ?? '')?.[0]),
    oomScoreAdj: numberOf(adj ?? facts['oom_score_adj']),
    cgroup: cgroup ?? null,
    cmdline: facts['Cmdline'] ?? null,
    rssBytes: (rss ?? newRss) === undefined ? null : bytesOfSize(`${rss ?? newRss} MiB`),
    signal,
    reason: reasonText,
    memAvailableBytes: available === undefined ? null : bytesOfSize(available),
  }
}

function tell(draft: Draft | null, sink: ExtractSink): void {
  if (draft?.record == null || !draft.sure) return
  sink.event(killEvent(draft.record, 'nohang', partsOf(draft), draft.context))
}

/** Takes a line of nohang into the draft. `done` once the victim's end is told, `lives` where it did not follow the signal. */
function take(draft: Draft, text: string, record: LogRecord): 'open' | 'done' | 'lives' {
  if (record.moment.wall !== null) draft.told = record.moment
  const sending = sendingShape.exec(text)?.groups
  if (sending !== undefined) {
    if (draft.record !== null) draft.context.push(quoteOf(record))
    draft.record ??= draft.told === null ? record : { ...record, moment: draft.told }
    draft.signal = sending['signal'] ?? null
    draft.comm = sending['comm'] ?? draft.comm
    draft.pid = sending['pid'] ?? draft.pid
    return 'open'
  }
  if (isSent.test(text)) draft.sure = true
  if (draft.record !== null && /The victim doesn't respond/.test(text)) return 'lives'
  if (draft.record !== null && /victim (?:died|became a zombie) in/.test(text)) return 'done'
  const cached = cachedShape.exec(text)?.groups
  if (cached !== undefined) {
    draft.pid = cached['pid'] ?? null
    draft.comm = cached['comm'] ?? null
    draft.isCached = true
    draft.context.push(quoteOf(record))
  }
  if (draft.reasonText === null && reasonShape.test(text)) {
    draft.reasonText = text.trim()
    draft.context.push(quoteOf(record))
  }
  const fact = factShape.exec(text)?.groups
  if (fact?.['key'] === undefined || (draft.facts[fact['key']] !== undefined && !/, EUID: /.test(fact['value'] ?? ''))) return 'open'
  draft.facts[fact['key']] = fact['value']?.trim() ?? ''
  // The victim's pid, name, size and cgroup are claims of the report: the lines that tell them stand as evidence.
  if (namesVictim.test(fact['key'])) draft.context.push(quoteOf(record))
  return 'open'
}

/** Whether a line begins an action, as far as `draft` has not had it; levels are checked twice before a signal, so a second head is the same action's. */
function begins(draft: Draft | null, text: string, record: LogRecord): 'sure' | 'perhaps' | null {
  if (draft === null && sendingShape.test(text)) return record.identifier === 'nohang' ? 'sure' : 'perhaps'
  return (draft === null || draft.record !== null) && (headShape.test(text) || victimShape.test(text)) ? 'sure' : null
}

function open(): ExtractorSession {
  let draft: Draft | null = null
  /** An action whose victim did not go: its second signal is of the same death. */
  let before: Draft | null = null
  const done = (sink: ExtractSink, lives = false): void => {
    if (draft?.record != null) {
      if (before !== null && draft.isCached && draft.pid === (before.pid ?? partsOf(before).pid?.toString()))
        draft.context.unshift(...before.context)
      else tell(before, sink)
      before = lives ? draft : null
      if (!lives) tell(draft, sink)
    }
    draft = null
  }
  const read = (text: string, record: LogRecord, sink: ExtractSink): void => {
    const begun = begins(draft, text, record)
    if (begun !== null) {
      done(sink)
      draft = fresh(begun === 'sure')
    }
    if (draft === null) return
    const found = victimShape.exec(text)?.groups
    if (headShape.test(text) || found !== undefined) draft.patience = patience
    if (headShape.test(text)) draft.context.push(quoteOf(record))
    if (found?.['found'] !== undefined) for (const key of ['PID', 'Pid', 'Name']) delete draft.facts[key]
    if (/Cannot send a signal: /.test(text)) draft = null
    const told = draft === null ? 'open' : take(draft, text, record)
    if (told !== 'open' || givenUp.test(text)) done(sink, told === 'lives')
  }
  return {
    push(record, sink) {
      // The table of all processes is as long as there are processes.
      if (draft !== null && !record.message.startsWith('#') && --draft.patience <= 0) done(sink)
      if (mayBeBy(record, 'nohang')) for (const text of record.message.split('\n')) read(text, record, sink)
    },
    get wantsNext() {
      return draft !== null
    },
    end(sink) {
      done(sink)
      tell(before, sink)
      before = null
    },
  }
}

/** nohang (kubernetes-oom §6.3): a block of lines per corrective action. */
export const nohang: Extractor = {
  id: 'nohang',
  literals: [
    'Memory status that requires corrective actions',
    'with highest badness',
    'Victim status (found',
    'Implementing a corrective action',
    'Sending SIGTERM to ',
    'Sending SIGKILL to ',
  ],
  open: () => perHost(open),
}
