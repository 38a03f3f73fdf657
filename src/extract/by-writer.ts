import type { Speaker } from '../kube/speakers.ts'
import type { LogRecord } from '../model/record.ts'
import { attributed, namesOf } from './attribution.ts'
import type { Extractor, ExtractorSession, ExtractSink } from './define-extractor.ts'
import { mayBeBy, speakingContainer } from './speaker.ts'

/** Containers and programs whose words are kept apart at once; beyond that the oldest are closed. */
const mostWriters = 64

interface Foreign {
  readonly session: ExtractorSession
  readonly names: string | null
}

/**
 * An extractor whose words count from their own writer only. What a container's stream or a program with another name says in them is read apart, so that it
 * cannot mix with the true ones, and becomes a finding (or, from a shipper of node logs or the component's own container, an event of medium trust).
 */
export function byWriter(extractor: Extractor, speaker: Speaker | ((record: LogRecord) => boolean) | null): Extractor {
  const isOwn = speaker === null ? () => true : typeof speaker === 'string' ? (record: LogRecord) => mayBeBy(record, speaker) : speaker
  return { ...extractor, open: (source) => openSession(extractor, isOwn, source) }
}

function openSession(extractor: Extractor, isOwn: (record: LogRecord) => boolean, source: string): ExtractorSession {
  const own = extractor.open(source)
  const foreign = new Map<string, Foreign>()
  const sessionFor = (names: string | null, sink: ExtractSink): Foreign => {
    const known = foreign.get(names ?? '')
    if (known !== undefined) return known
    if (foreign.size >= mostWriters) {
      for (const old of foreign.values()) old.session.end(sinkFor(sink, old.names))
      foreign.clear()
    }
    const made = { session: extractor.open(source), names }
    foreign.set(names ?? '', made)
    return made
  }
  const session: ExtractorSession = {
    push(record, sink) {
      const isContainers = record.writer === 'container'
      if (!isContainers && (!isNamed(record) || isOwn(record))) {
        own.push(record, sink)
        return
      }
      const names = isContainers ? containerNames(record) : (record.identifier ?? record.unit)
      const { session: apart } = sessionFor(names, sink)
      apart.push({ ...record, writer: 'container', identifier: null, unit: null }, sinkFor(sink, names))
    },
    wantsNext: own.wantsNext,
    end(sink) {
      own.end(sink)
      for (const { session: apart, names } of foreign.values()) apart.end(sinkFor(sink, names))
    },
  }
  const changes = Object.getOwnPropertyDescriptor(own, 'wantsNext')?.get !== undefined
  return changes ? Object.defineProperty(session, 'wantsNext', { get: () => own.wantsNext || anyWantsNext(foreign) }) : session
}

function anyWantsNext(foreign: ReadonlyMap<string, Foreign>): boolean {
  if (foreign.size === 0) return false
  for (const { session } of foreign.values()) if (session.wantsNext) return true
  return false
}

function containerNames(record: LogRecord): string | null {
  const ref = speakingContainer(record)
  return ref === null ? null : namesOf(ref)
}

/** A program under a name of its own. */
const isNamed = (record: LogRecord): boolean => record.writer === 'userspace' && (record.identifier ?? record.unit) !== null

const nothing = (): void => {}

function sinkFor(sink: ExtractSink, names: string | null): ExtractSink {
  return {
    event(event) {
      const told = attributed(event, names)
      if (told !== null) sink.event(told)
    },
    anchor: nothing,
    snapshot: nothing,
    warn: nothing,
  }
}
