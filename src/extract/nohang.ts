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
/** Where the head is lost: `Process with highest badness (found in 14ms):`, `TOP printed in 3ms; process with highest badness:`, `Victim status (found in 1ms):`. */
const victimShape = /with highest badness|Victim status \(found/

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
  readonly context: Quote[]
  patience: number
}

/** A table of processes, the victim's facts, the command line and its ancestry stand between the head and the signal. */
const patience = 150
const fresh = (): Draft => ({
  reason: null,
  reasonText: null,
  facts: {},
  record: null,
  told: null,
  signal: null,
  comm: null,
  pid: null,
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

function close(draft: Draft | null, sink: ExtractSink): void {
  if (draft?.record == null) return
  sink.event(killEvent(draft.record, 'nohang', partsOf(draft), draft.context))
}

/** Takes a line of nohang into the draft. `done` once the victim's end is told. */
function take(draft: Draft, text: string, record: LogRecord): 'open' | 'done' {
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
  if (/victim died|^\s*(?:OK|The victim doesn't respond)/.test(text)) return draft.record === null ? 'open' : 'done'
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

function open(): ExtractorSession {
  let draft: Draft | null = null
  return {
    push(record, sink) {
      if (draft !== null && --draft.patience <= 0) {
        close(draft, sink)
        draft = null
      }
      if (!mayBeBy(record, 'nohang')) return
      for (const text of record.message.split('\n')) {
        if (headShape.test(text)) {
          close(draft, sink)
          draft = fresh()
          draft.context.push(quoteOf(record))
        } else if (draft === null && (victimShape.test(text) || (sendingShape.test(text) && record.identifier === 'nohang')))
          draft = fresh()
        if (draft !== null && take(draft, text, record) === 'done') {
          close(draft, sink)
          draft = null
        }
      }
    },
    get wantsNext() {
      return draft !== null
    },
    end(sink) {
      close(draft, sink)
      draft = null
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
    'Sending SIGTERM to ',
    'Sending SIGKILL to ',
  ],
  open: () => perHost(open),
}
