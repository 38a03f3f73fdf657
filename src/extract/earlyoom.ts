import type { Quote } from '../model/origin.ts'
import type { LogRecord } from '../model/record.ts'
import { bytesOfSize } from '../units/bytes.ts'
import type { Extractor, ExtractorSession, ExtractSink } from './define-extractor.ts'
import { numberOf, quoteOf } from './event-base.ts'
import { elapsedUs } from './kernel-oom/line.ts'
import { type KillParts, killEvent } from './kill-event.ts'
import { perHost } from './per-host.ts'
import { mayBeBy } from './speaker.ts'

/**
 * `sending SIGTERM to process 12006 "python3": badness 209, VmRSS 2891 MiB` (1.3, 1.4; ` uid 1009` since 1.5);
 * `sending SIGKILL to process 3887 uid 1009 "java": oom_score 1067, oom_score_adj 300, VmRSS 4352 MiB, cmdline "java -Xmx…"` (1.8; the adj since 1.9).
 */
const sendingShape =
  /^sending (?<signal>SIG\w+) to process (?<pid>\d+)(?: uid (?<uid>\d+))? "(?<comm>.*?)": (?:badness|oom_score) -?\d+(?:, oom_score_adj (?<adj>-?\d+))?, VmRSS +(?<rss>\d+ MiB)(?:, cmdline "(?<cmdline>.*)")?$/
/** `Killing process 'tail' with signal 15, pid: 24059, badness: 997, VmRSS: 4278 MiB` (1.2) */
const killingShape =
  /^Killing process '?(?<comm>.+?)'? with signal (?<number>\d+), pid: (?<pid>\d+), badness: -?\d+, VmRSS: (?<rss>\d+ MiB)/
/** `Killing process 1234 chrome` (≤ 1.1), `Killing process 1234 (chrome)` (2016): only where the line is known to be earlyoom's. */
const oldestShape = /^Killing process (?<pid>\d+) (?:\((?<bracketed>[^)]{1,32})\)|(?<comm>.+))/
/** `low memory! at or below SIGTERM limits: mem 25.00%, swap 100.00%`; 1.2 `Low Memory! At or below sigterm limits (mem: 9 %, swap: 9 %)`. */
const lowShape = /^low memory! (?<reason>at or below sig\w+ limits.*)$/i
/** `mem avail:   186 of   750 MiB (24.89%), swap free: …`; the total is user memory since 1.8. */
const statusShape = /^mem avail: *(?<avail>\d+)(?: of *(?<total>\d+))? MiB/
/** The kernel is asked to kill instead (`--use-kernel-oom`): then the kernel's own report tells of it. */
const kernelShape = /triggered kernel OOM killer/
/** `kill failed: Operation not permitted`: nobody died. A timer that expired is a slow death. */
const failedShape = /^kill failed: (?!Timer expired|.*did not exit)/

interface Draft {
  readonly record: LogRecord
  readonly pid: number | null
  parts: KillParts
  readonly context: Quote[]
  patience: number
  /** The victim is dead: what is free after it is all that is waited for. */
  isDead: boolean
}

/** `mem avail:` as read, with its line. */
interface Reading {
  readonly record: LogRecord
  readonly availableBytes: number
}

interface State {
  draft: Draft | null
  low: { readonly reason: string; readonly quote: Quote } | null
  memory: Pick<KillParts, 'memAvailableBytes' | 'memTotalBytes'>
  /** First and last reading since the start or the death before. */
  first: Reading | null
  last: Reading | null
}

/** Records to wait for `process N exited` and the like, other programs' between. */
const patience = 60
/** Records to wait for the next reading, which follows a death at once. */
const patienceAfter = 12
const mib = (text: string | undefined): number | null => (text === undefined ? null : bytesOfSize(`${text} MiB`))
const signals: Readonly<Record<string, string>> = { '9': 'SIGKILL', '15': 'SIGTERM' }

function victimOf(record: LogRecord): (KillParts & { pid: number | null }) | null {
  const text = record.message.trim()
  const known = record.identifier === 'earlyoom'
  const found = sendingShape.exec(text)?.groups ?? killingShape.exec(text)?.groups ?? (known ? oldestShape.exec(text)?.groups : undefined)
  if (found === undefined) return null
  return {
    pid: numberOf(found['pid']),
    comm: found['comm'] ?? found['bracketed'] ?? null,
    uid: numberOf(found['uid']),
    oomScoreAdj: numberOf(found['adj']),
    rssBytes: found['rss'] === undefined ? null : bytesOfSize(found['rss']),
    cmdline: found['cmdline'] ?? null,
    signal: found['signal'] ?? signals[found['number'] ?? ''] ?? null,
  }
}

function close(state: State, sink: ExtractSink): void {
  const { draft } = state
  state.draft = null
  if (draft !== null) sink.event(killEvent(draft.record, 'earlyoom', draft.parts, draft.context))
}

function begin(record: LogRecord, victim: KillParts & { pid: number | null }, state: State, sink: ExtractSink): void {
  if (state.draft !== null && state.draft.pid === victim.pid) {
    // SIGKILL after SIGTERM: the same death.
    state.draft.parts = { ...state.draft.parts, signal: victim.signal ?? null }
    state.draft.context.push(quoteOf(record))
    return
  }
  close(state, sink)
  const context = state.low === null ? [] : [state.low.quote]
  const parts = { ...victim, ...state.memory, ...earlier(state), reason: state.low?.reason ?? null }
  state.draft = { record, pid: victim.pid, parts, context, patience, isDead: false }
  state.low = null
  state.first = null
}

/** Two readings tell how fast it went; one tells nothing more than what was left. */
function earlier({ first, last }: State): Pick<KillParts, 'earlier'> {
  if (first === null || last === null || first === last) return {}
  const us = elapsedUs(first.record.moment, last.record.moment)
  return {
    earlier: { availableBytes: first.availableBytes, seconds: us === null || us < 0 ? null : us / 1e6, quote: quoteOf(first.record) },
  }
}

/** A reading: after a death it tells what came free. */
function noteReading(record: LogRecord, available: string, total: string | undefined, state: State, sink: ExtractSink): void {
  const bytes = mib(available)
  state.memory = { memAvailableBytes: bytes, memTotalBytes: mib(total) }
  if (bytes === null) return
  if (state.draft?.isDead) {
    state.draft.parts = { ...state.draft.parts, after: { availableBytes: bytes, quote: quoteOf(record) } }
    close(state, sink)
  }
  state.last = { record, availableBytes: bytes }
  state.first ??= state.last
}

/** What follows a signal: escalation, death, failure, a dry run. */
function follow(record: LogRecord, draft: Draft, state: State, sink: ExtractSink): void {
  const text = record.message.trim()
  if (/^escalating to SIGKILL/.test(text)) {
    draft.parts = { ...draft.parts, signal: 'SIGKILL' }
    draft.context.push(quoteOf(record))
  } else if (/^dryrun\b|dry ?run, not actually/i.test(text)) {
    draft.parts = { ...draft.parts, dryRun: true }
    draft.context.push(quoteOf(record))
    close(state, sink)
  } else if (/^process .*(?:exited|did not exit)/.test(text)) {
    draft.context.push(quoteOf(record))
    draft.isDead = true
    draft.patience = patienceAfter
  } else if (failedShape.test(text) || kernelShape.test(text)) state.draft = null
}

function read(record: LogRecord, state: State, sink: ExtractSink): void {
  const text = record.message.trim()
  const victim = victimOf(record)
  if (victim !== null) {
    begin(record, victim, state, sink)
    return
  }
  const status = statusShape.exec(text)?.groups
  if (status !== undefined) {
    noteReading(record, status['avail'] ?? '', status['total'], state, sink)
    return
  }
  const reason = lowShape.exec(text)?.groups?.['reason']
  if (reason !== undefined) state.low = { reason, quote: quoteOf(record) }
  else if (state.draft !== null) follow(record, state.draft, state, sink)
  else if (kernelShape.test(text)) state.low = null
}

function open(): ExtractorSession {
  const state: State = { draft: null, low: null, memory: {}, first: null, last: null }
  return {
    push(record, sink) {
      if (mayBeBy(record, 'earlyoom')) read(record, state, sink)
      if (state.draft !== null && --state.draft.patience <= 0) close(state, sink)
    },
    get wantsNext() {
      return state.draft !== null
    },
    end: (sink) => close(state, sink),
  }
}

/** earlyoom, 1.0 to 1.9 (kubernetes-oom §6.3). Its kills leave no kernel OOM line. */
export const earlyoom: Extractor = {
  id: 'earlyoom',
  literals: [
    'sending SIGTERM to process',
    'sending SIGKILL to process',
    'Killing process ',
    'mem avail:',
    'low memory! at or below',
    'Low Memory! At or below',
    'triggered kernel OOM killer',
  ],
  open: () => perHost(open),
}
