import type { UserspaceKillEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { bytesOfSize } from '../units/bytes.ts'
import type { Extractor, ExtractorSession, ExtractSink } from './define-extractor.ts'
import { numberOf, quoteOf } from './event-base.ts'
import { killEvent } from './kill-event.ts'
import { perHost } from './per-host.ts'

/**
 * lmkd: `lowmemorykiller: Kill 'com.example.app' (24017), uid 10123, oom_score_adj 900 to free 4963256kB rss, 0kB swap; reason: min watermark is breached`;
 * in-kernel driver (before 4.12): `lowmemorykiller: Killing 'd.process.media' (2846) (tgid 2846), adj 999,` with lines below: `to free 81288kB on behalf of
 * 'kswapd0' (136) because`, `cache 321644kB is below limit 322560kB for oom_score_adj 950`.
 */
const killShape =
  /(?:^|lowmemorykiller(?:\( *\d+\))?: )Kill(?:ing)? '(?<comm>.*)' \((?<pid>\d+)\)(?: \(tgid \d+\))?,(?: uid (?<uid>\d+),)? (?:oom_(?:score_)?)?adj (?<adj>-?\d+)/
const freeShape = /to free (?<rss>\d+kB)/
const reasonShape = /; reason: (?<reason>.*)$/
const driverReason = /(?<reason>cache \d+kB is below limit \d+kB for oom_(?:score_)?adj -?\d+)/

/** Lines of the driver's message that a wrapping made records of. */
const patience = 5

function open(): ExtractorSession {
  let held: { record: LogRecord; texts: string[]; more: LogRecord[]; left: number } | null = null
  const close = (sink: ExtractSink): void => {
    if (held === null) return
    const event = eventOf(held.record, held.texts.join('\n'), held.more)
    held = null
    if (event !== null) sink.event(event)
  }
  return {
    push(record, sink) {
      if (held !== null) {
        const more = freeShape.test(record.message) || driverReason.test(record.message)
        if (more && !killShape.test(record.message)) {
          held.texts.push(record.message)
          held.more.push(record)
        }
        if (--held.left > 0 && !killShape.test(record.message)) return
        close(sink)
      }
      if (!record.message.includes('Kill') || !killShape.test(record.message) || !isLmk(record)) return
      held = { record, texts: [record.message], more: [], left: patience }
      if (freeShape.test(record.message)) close(sink)
    },
    get wantsNext() {
      return held !== null
    },
    end: close,
  }
}

const isLmk = (record: LogRecord): boolean =>
  record.message.includes('lowmemorykiller') || /lowmemorykiller|lmkd/.test(record.identifier ?? '')

function eventOf(record: LogRecord, text: string, more: readonly LogRecord[]): UserspaceKillEvent | null {
  const found = killShape.exec(text)?.groups
  if (found === undefined) return null
  const rss = freeShape.exec(text)?.groups?.['rss']
  return killEvent(
    record,
    'lmkd',
    {
      pid: numberOf(found['pid']),
      comm: found['comm'] ?? null,
      uid: numberOf(found['uid']),
      oomScoreAdj: numberOf(found['adj']),
      rssBytes: rss === undefined ? null : bytesOfSize(rss),
      signal: 'SIGKILL',
      reason: reasonShape.exec(text)?.groups?.['reason'] ?? driverReason.exec(text)?.groups?.['reason'] ?? null,
    },
    more.map(quoteOf),
  )
}

/** Android's low memory killers. */
export const lmkd: Extractor = { id: 'lmkd', literals: ['lowmemorykiller'], open: () => perHost(open) }
