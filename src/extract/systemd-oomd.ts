import type { Quote } from '../model/origin.ts'
import type { LogRecord } from '../model/record.ts'
import { bytesOfSize } from '../units/bytes.ts'
import type { Extractor, ExtractorSession, ExtractSink } from './define-extractor.ts'
import { numberOf, quoteOf } from './event-base.ts'
import { type KillParts, killEvent } from './kill-event.ts'
import { perHost } from './per-host.ts'
import { mayBeBy } from './speaker.ts'

/**
 * `Killed /x due to memory pressure for /y being 86.80% > 50.00% for > 20s with reclaim activity` (v248 to v258; early ones without the activity),
 * `Killed /x due to memory used (N) / total (N) and swap used (N) / total (N) being more than 90.00%` (v249 on), `… due to swap used …` (v248);
 * newer trees say `Marked /x for killing due to …`, as hooks may run first.
 */
const killShape = /^(?:Killed|(?<marked>Marked)) (?<cgroup>\/.*?)(?: for killing)? due to (?<reason>.*)$/s
/** `oomd dry-run: Would have tried to kill /x with recurse=true`, newer `… /x and all its descendants`. */
const dryShape = /^oomd dry-run: Would have tried to kill (?<cgroup>\/.*?)(?: with recurse=\w+| and all its descendants)?$/
const pressureShape = /^memory pressure for (?<monitored>\/.*?) being /
const usedShape = /^memory used \((?<used>\d+)\) \/ total \((?<total>\d+)\)/
/** Lines of the block: `\tPath: /x`, `\t\tCurrent Memory Usage: 3.1G`, `\t\tPressure: Avg10: 1.77 …`. */
const blockShape = /^\s+(?<key>[A-Z][\w /]*): (?<value>.*)$/

/** What `Considered N cgroups for killing, top candidates were:` began: the candidates, and how many more records may be waited for. */
interface Block {
  readonly head: Quote
  readonly candidates: Map<string, { usage: number | null; readonly quotes: Quote[] }>
  last: string | null
  patience: number
}

interface State {
  block: Block | null
  /** Marked, not yet said to be killed. */
  marked: string | null
  /** One dry run tries all candidates in turn: the first is the one it would have killed. */
  dryTold: boolean
}

/** Ten candidates of ten lines, with other programs' lines between. */
const patience = 400

function openBlock(record: LogRecord, state: State): void {
  state.block = { head: quoteOf(record), candidates: new Map(), last: null, patience }
  state.dryTold = false
}

function addToBlock(block: Block, text: string, record: LogRecord): void {
  const found = blockShape.exec(text)?.groups
  const value = found?.['value'] ?? ''
  if (found?.['key'] === 'Path') {
    block.last = value
    block.candidates.set(value, { usage: null, quotes: [quoteOf(record)] })
    return
  }
  const candidate = block.last === null ? undefined : block.candidates.get(block.last)
  if (found === undefined || candidate === undefined) return
  if (found['key'] === 'Current Memory Usage') candidate.usage = bytesOfSize(value)
  candidate.quotes.push(quoteOf(record))
}

function partsOf(cgroup: string, reason: string | null, state: State): KillParts {
  const used = usedShape.exec(reason ?? '')?.groups
  const total = numberOf(used?.['total'])
  return {
    cgroup,
    reason,
    signal: 'SIGKILL',
    monitored: pressureShape.exec(reason ?? '')?.groups?.['monitored'] ?? null,
    ...(/swap used/.test(reason ?? '') ? { bySwap: true as const } : {}),
    usageBytes: state.block?.candidates.get(cgroup)?.usage ?? null,
    memTotalBytes: total,
    memAvailableBytes: total === null || used === undefined ? null : total - Number(used['used']),
  }
}

function contextOf(cgroup: string, { block }: State): readonly Quote[] {
  return block === null ? [] : [block.head, ...(block.candidates.get(cgroup)?.quotes ?? [])]
}

function kill(record: LogRecord, state: State, sink: ExtractSink): boolean {
  const found = killShape.exec(record.message)?.groups
  if (found?.['cgroup'] === undefined) return false
  const cgroup = found['cgroup']
  const again = found['marked'] === undefined && state.marked === cgroup
  if (!again) sink.event(killEvent(record, 'systemd-oomd', partsOf(cgroup, found['reason'] ?? null, state), contextOf(cgroup, state)))
  state.marked = found['marked'] === undefined ? null : cgroup
  state.block = null
  return true
}

function dryRun(record: LogRecord, state: State, sink: ExtractSink): void {
  const cgroup = dryShape.exec(record.message)?.groups?.['cgroup']
  if (cgroup === undefined || state.dryTold) return
  sink.event(killEvent(record, 'systemd-oomd', { ...partsOf(cgroup, null, state), dryRun: true }, contextOf(cgroup, state)))
  state.dryTold = true
}

function open(): ExtractorSession {
  const state: State = { block: null, marked: null, dryTold: false }
  return {
    push(record, sink) {
      if (state.block !== null && --state.block.patience <= 0) state.block = null
      if (!mayBeBy(record, 'systemd-oomd')) return
      if (kill(record, state, sink)) return
      if (record.message.startsWith('oomd dry-run')) dryRun(record, state, sink)
      for (const text of record.message.split('\n')) {
        if (/^Considered \d+ cgroups for killing/.test(text)) openBlock(record, state)
        else if (state.block !== null) addToBlock(state.block, text, record)
      }
    },
    get wantsNext() {
      return state.block !== null
    },
    end() {},
  }
}

/**
 * systemd-oomd (kubernetes-oom §6.3). v247 does not say what it kills: there systemd's `X: systemd-oomd killed N process(es) in this unit.` is all.
 * Real kills by it leave no kernel OOM line.
 */
export const systemdOomd: Extractor = {
  id: 'systemd-oomd',
  literals: ['cgroups for killing', ' due to memory pressure for ', ' due to memory used (', ' due to swap used (', 'oomd dry-run'],
  open: () => perHost(open),
}
