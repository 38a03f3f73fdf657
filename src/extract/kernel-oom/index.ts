import type { LogRecord } from '../../model/record.ts'
import type { Extractor, ExtractorSession, ExtractSink } from '../define-extractor.ts'
import { kernelAnchor, recordAnchor } from './anchors.ts'
import { closeDraft, isReport } from './close.ts'
import { isElision } from './elision.ts'
import { isKernelRecord, isTimeless } from './line.ts'
import { writtenByUserspace } from './spoof.ts'
import { createStream, type Stream } from './stream.ts'

/** One line of every kind that may begin a report, a part of one, or prove a kill by itself. */
const literals = [
  'invoked oom-killer',
  'oom-killer: gfp',
  'Killed process ',
  'OOM killed process ',
  'ill process ',
  'oom-kill:',
  'oom_reaper: ',
  'Out of memory',
  'Out of Memory',
  'No available memory',
  'Mem-Info:',
  'Mem-info:',
  'Tasks state (memory',
  'oom_score_adj name',
  'oom_adj name',
  'Memory cgroup ',
  'Memory limit reached of cgroup',
  'killed as a result of limit of',
  'memory: usage ',
  'memory+swap: usage ',
  'memory.oom.group set',
  'active_anon:',
  'hugepages_total=',
  'lowmem_reserve[]:',
  'pages RAM',
  'page allocation failure',
  'page allocation stalls',
  'Manual OOM execution',
  'Show Memory',
  'deadlocked on memory',
  'oom_kill_process',
  'panic_on_oom',
  'Linux version ',
  'setting system clock to ',
  ' audit(1',
] as const

/** Reads the kernel's OOM reports of every era, whole or in part, into `kernel-oom` events. */
export const kernelOom: Extractor = {
  id: 'kernel-oom',
  literals,
  readsAll: true,
  open: () => createSession(),
}

function createSession(): ExtractorSession {
  const streams = new Map<string, Stream>()
  const anchored = new Map<string, number>()
  let sink: ExtractSink | null = null
  let lastKernel: LogRecord | null = null
  let lastStream: Stream | null = null

  const streamOf = (record: LogRecord): Stream => {
    const { host, bootId } = record
    if (lastStream !== null && lastKernel !== null && lastKernel.host === host && lastKernel.bootId === bootId) return lastStream
    // What a break left of a line has no front: it goes with what is being read.
    if (isBare(record) && lastStream?.isOpen === true) return lastStream
    const key = `${host ?? ''}|${bootId ?? ''}`
    const known = streams.get(key)
    if (known !== undefined) return known
    const stream = createStream((draft) => {
      if (isReport(draft)) sink?.event(closeDraft(draft))
    })
    streams.set(key, stream)
    return stream
  }

  const push = (record: LogRecord): void => {
    if (isKernelRecord(record)) addKernelAnchor(record)
    else {
      const forged = writtenByUserspace(record)
      if (forged !== null) sink?.event(forged)
      for (const stream of streams.values()) stream.pass(record)
      return
    }
    const stream = streamOf(record)
    if (record.message.startsWith('Linux version '))
      stream.boot(/^Linux version (?<release>\S+)/.exec(record.message)?.groups?.release ?? null)
    const wasOpen = stream.isOpen
    if (wasOpen && isElision(record.message)) {
      sink?.event(elision(record))
      stream.elided()
    }
    stream.push(record)
    if (wasOpen !== stream.isOpen || (!wasOpen && lastKernel === null)) addAnchors([lastKernel, record])
    if (!isBare(record) || stream !== lastStream) lastKernel = record
    lastStream = stream
  }

  /** Security modules write audit lines by the thousand: one in ten minutes of the kernel's clock fits it as well. */
  const addKernelAnchor = (record: LogRecord): void => {
    const anchor = kernelAnchor(record)
    if (anchor === null) return
    const key = `${anchor.via}|${record.host ?? ''}|${record.bootId ?? ''}`
    const last = anchored.get(key)
    // A stamp that is no later is of another boot.
    if (last !== undefined && anchor.uptimeUs > last && anchor.uptimeUs - last < 600_000_000) return
    anchored.set(key, anchor.uptimeUs)
    sink?.anchor(anchor)
  }

  const addAnchors = (records: readonly (LogRecord | null)[]): void => {
    for (const record of records) {
      const anchor = record === null ? null : recordAnchor(record)
      if (anchor !== null) sink?.anchor(anchor)
    }
  }

  return {
    push(record, to) {
      sink = to
      push(record)
    },
    get wantsNext() {
      if (lastStream?.wantsNext === true) return true
      if (streams.size <= 1) return false
      for (const stream of streams.values()) if (stream.wantsNext) return true
      return false
    },
    end(to) {
      sink = to
      for (const stream of streams.values()) stream.flush()
    },
  }
}

const isBare = ({ host, bootId, moment, identifier }: LogRecord): boolean =>
  host === null && bootId === null && identifier === null && isTimeless(moment)

const elision = (record: LogRecord) =>
  ({
    kind: 'loss',
    what: 'elision',
    count: null,
    subject: null,
    of: 'anything',
    moment: record.moment,
    host: record.host,
    bootId: record.bootId,
    writer: record.writer,
    quotes: [{ ...record.origin, text: record.raw.split('\n')[0] ?? record.raw }],
  }) as const
