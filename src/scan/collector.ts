import type { Extractor, ExtractSink } from '../extract/define-extractor.ts'
import type { InputSource, SourceName } from '../input/source.ts'
import type { Event } from '../model/event.ts'
import type { SourceEvidence, SourceFacts, SourcePlace } from '../model/evidence.ts'
import type { LogRecord } from '../model/record.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Moment } from '../model/stamp.ts'
import type { Warning } from '../model/warning.ts'
import { withSaneNumbers } from '../units/sane.ts'
import { warning } from '../warnings.ts'
import { openAnchors } from './anchors.ts'
import { openDispatch } from './dispatch.ts'
import { LIVES_FROM } from './life-lines.ts'
import { literalsOf } from './line-choice.ts'
import { openProcesses } from './processes.ts'
import type { ScanTools } from './tools.ts'

/** Takes the records of one source in order, lets every extractor read them, and keeps what the source as a whole tells. */
export interface Collector {
  /** `found`: see `Dispatch.push`. `place`: how far into the source it stands, in bytes, where the record does not tell. */
  record(record: LogRecord, found?: readonly number[] | null, place?: number): void
  /** Whether an open dump or block wants the following records whatever they say. */
  wantsNext(): boolean
  readonly sink: ExtractSink
  /** Closes the extractors. Call once, last. */
  evidence(totals: SourceTotals): SourceEvidence
}

const readsOfLives = (extractor: Extractor): boolean => extractor.lives !== undefined

/** A damaged or hostile file could have one for each line. */
const MOST_WARNINGS = 200

export interface SourceTotals {
  readonly format: string
  readonly lines: number
  readonly bytes: number
}

export function openCollector(source: InputSource, tools: ScanTools): Collector {
  const events: Event[] = []
  const snapshots: Snapshot[] = []
  const warnings: Warning[] = []
  const anchors = openAnchors()
  const told = openAnchors()
  const { reading } = tools
  const dispatch = openDispatch(tools.extractors, source.name, reading?.again === true ? readsOfLives : undefined)
  const { livesFrom, sampledFrom } = literalsOf(tools.extractors)
  let line = 0
  /** A line that tells of an ordinary life and nothing else tells of nothing but that, wherever many may be left out. */
  const isLifeOnly = (place: number, found: readonly number[] | null): boolean =>
    found !== null && found.length > 0 && place >= LIVES_FROM && found.every((at) => at >= livesFrom && at < sampledFrom)
  const span = openSpan()
  const deaths = tools.deaths?.open() ?? null
  const processes = openProcesses()
  const sane = <T extends Event | Snapshot>(value: T): T =>
    withSaneNumbers(value, (key, number) => {
      const line = 'quotes' in value ? (value.quotes[0]?.line ?? null) : null
      if (warnings.length < MOST_WARNINGS) warnings.push(warning('number-absurd', source.name, line, { key, value: number }))
    })
  const sink: ExtractSink = {
    event(event) {
      const whole = sane(event)
      const kept = deaths === null ? whole : deaths.take(whole)
      if (kept === null) return
      events.push(kept)
      reading?.log.lines.push(line)
      reading?.log.extractors.push(dispatch.turn)
    },
    anchor: (anchor) => told.add(anchor),
    snapshot: (snapshot) => snapshots.push(sane(snapshot)),
    warn: (warning) => warnings.push(warning),
  }
  return {
    sink,
    record(record, found = null, place = record.origin.offset ?? 0) {
      span.note(record)
      if (!isLifeOnly(place, found)) {
        // What a container prints in brackets is no clock.
        if (record.writer !== 'container') anchors.note(record)
        processes.note(record)
      }
      line = record.origin.line ?? place
      dispatch.push(record, sink, found)
    },
    wantsNext: dispatch.wantsNext,
    evidence(totals) {
      line = Infinity
      dispatch.end(sink)
      return {
        source: { ...factsOf(source, totals), ...span.facts() },
        events,
        anchors: [...anchors.kept(), ...told.kept()],
        snapshots: [...snapshots, ...processes.kept()],
        warnings: [...warnings, ...(deaths?.warnings(source.name) ?? [])],
      }
    },
  }
}

/** Facts of a source before any record was read. */
export function factsOf(source: SourceName, totals: SourceTotals): SourceFacts {
  return {
    name: source.name,
    path: source.path,
    ...totals,
    modifiedMs: source.modifiedMs,
    first: null,
    last: null,
    host: null,
    bootId: null,
    hasKernel: false,
    place: neutralPlace(source),
  }
}

/** Until `input/layouts` says more, a source is a plain file alone in its family. */
function neutralPlace(source: SourceName): SourcePlace {
  return {
    layout: 'plain',
    bundle: source.bundle,
    host: null,
    corner: null,
    role: null,
    family: source.path,
    generation: 0,
    nameDateUs: null,
    container: null,
  }
}

/** First and last stamped record; one with a wall clock says more than one with an uptime only. */
function openSpan() {
  let firstWall: Moment | null = null
  let lastWall: Moment | null = null
  let firstUptime: Moment | null = null
  let lastUptime: Moment | null = null
  let host: string | null = null
  let bootId: string | null = null
  let hasKernel = false
  return {
    note(record: LogRecord) {
      const { moment, writer, identifier } = record
      if (moment.wall !== null) {
        firstWall ??= moment
        lastWall = moment
      } else if (moment.uptimeUs !== null) {
        firstUptime ??= moment
        lastUptime = moment
      }
      host ??= record.host
      bootId ??= record.bootId
      hasKernel ||=
        writer === 'kernel' || ((writer === 'unknown' || writer === 'shipper') && (identifier === 'kernel' || moment.uptimeUs !== null))
    },
    facts: () => ({ first: firstWall ?? firstUptime, last: lastWall ?? lastUptime, host, bootId, hasKernel }),
  }
}
