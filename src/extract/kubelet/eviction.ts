import type { EvictionEvent, NodeEvent } from '../../model/event.ts'
import type { LogRecord } from '../../model/record.ts'
import { bytesOfQuantity } from '../../units/bytes.ts'
import { baseOf, refOf } from '../event-base.ts'
import { evictionMessage } from '../eviction-message.ts'
import { listItems } from '../go-values.ts'
import { podIn, refOfKeys, slashName } from './names.ts'
import type { Speech } from './speech.ts'
import type { KubeletLine, KubeletState } from './state.ts'

type Parts = Partial<Omit<EvictionEvent, 'kind' | 'stage'>>

function eviction(record: LogRecord, stage: EvictionEvent['stage'], parts: Parts): EvictionEvent {
  return {
    ...baseOf(record),
    kind: 'eviction',
    stage,
    target: null,
    ranking: [],
    signal: null,
    thresholdBytes: null,
    availableBytes: null,
    capacityBytes: null,
    message: null,
    usages: [],
    ...parts,
  }
}

const quantity = (text: string | undefined): number | null => (text === undefined ? null : bytesOfQuantity(text))
const memorySignal = /\b(?:allocatableMemory|memory)\.available\b/

/** The pod that a line of the manager is about: `pod="ns/a"`, or `pod a_ns(uid) …` up to 1.20. */
const targetOf = ({ message, values }: Speech): EvictionEvent['target'] => {
  const old = podIn(message)
  const ref = old.pod === null ? refOfKeys(values) : refOf(old)
  return ref.pod === null && ref.podUid === null ? null : ref
}

/** `observations: signal=memory.available, available: 1234Ki, capacity: 8000Ki, time: …` (≤ 1.20) */
const oldObservation = /observations[\w ]*: signal=(?<signal>[\w.]+), available: (?<available>[^\s,]+), capacity: (?<capacity>[^\s,]+)/
/** `thresholds - ignoring grace period: threshold [signal=memory.available, quantity=100Mi] observed 95Mi` (≤ 1.20) */
const oldThreshold = /threshold \[signal=(?<signal>[\w.]+), quantity=(?<quantity>[^\s\]]+)\] observed (?<available>\S+)/

function observed({ message, values }: Speech, record: LogRecord): EvictionEvent | null {
  const found = values['log'] === undefined ? oldObservation.exec(message)?.groups : values
  const signal = found?.['signal']
  if (found === undefined || signal === undefined || !memorySignal.test(signal)) return null
  return eviction(record, 'observed', {
    signal,
    availableBytes: quantity(found['available']),
    capacityBytes: quantity(found['capacity']),
  })
}

function threshold({ message, values }: Speech, record: LogRecord): EvictionEvent | null {
  const found = values['signal'] === undefined ? oldThreshold.exec(message)?.groups : values
  const signal = found?.['signal']
  if (found === undefined || signal === undefined || !memorySignal.test(signal)) return null
  return eviction(record, 'threshold-met', {
    signal,
    thresholdBytes: quantity(found['quantity']),
    availableBytes: quantity(found['available']),
  })
}

/** The memory signal that a text names, for lines that print a whole threshold or a bare signal. */
function signalIn({ message, values }: Speech): string | null {
  return memorySignal.exec(values['signal'] ?? values['threshold'] ?? message)?.[0] ?? null
}

function attempting(speech: Speech, record: LogRecord, state: KubeletState): EvictionEvent {
  const resource = speech.values['resourceName'] ?? /to reclaim (?<resource>[\w-]+)/.exec(speech.message)?.groups?.['resource'] ?? null
  state.reclaiming = resource
  return eviction(record, 'attempting', { signal: resource })
}

function ranked({ message, values }: Speech, record: LogRecord, state: KubeletState): EvictionEvent {
  const pods = values['pods'] ?? message.slice(message.indexOf('for eviction:') + 'for eviction:'.length)
  return eviction(record, 'ranked', { signal: state.reclaiming, ranking: listItems(pods).map(slashName) })
}

/** V3 `"Evicting pod" pod=… podUID=… message="The node was low on resource: …"` (≥ 1.26). */
function evicting(speech: Speech, record: LogRecord): EvictionEvent | null {
  const message = speech.values['message']
  const told = message === undefined ? null : evictionMessage(message)
  if (message === undefined || told === null) return null
  return eviction(record, 'evicting', {
    target: targetOf(speech),
    signal: told.resource,
    thresholdBytes: told.thresholdBytes,
    availableBytes: told.availableBytes,
    message,
    usages: told.usages,
  })
}

function condition({ message, values }: Speech, record: LogRecord, state: KubeletState): NodeEvent | null {
  if (!(values['nodeCondition'] ?? message).includes('MemoryPressure') || state.pressure) return null
  state.pressure = true
  return { ...baseOf(record), kind: 'node', what: 'memory-pressure', node: null, comm: null, pid: null, message }
}

type Reader = KubeletLine['read']
const ofRound =
  (stage: EvictionEvent['stage']): Reader =>
  (speech, record, state) =>
    eviction(record, stage, { target: targetOf(speech), signal: speech.values['resourceName'] ?? state.reclaiming })
const said =
  (stage: EvictionEvent['stage']): Reader =>
  (speech, record, state) =>
    eviction(record, stage, { target: targetOf(speech), signal: state.reclaiming, message: speech.values['err'] ?? speech.message })

/** No figure for the signal: the manager is blind. Other signals than memory's are not told. */
const blind: Reader = (speech, record) => {
  const signal = signalIn(speech)
  const general = speech.message.includes('failed to get summary stats')
  return signal === null && !general ? null : eviction(record, 'observed', { signal, message: speech.values['err'] ?? speech.message })
}

const crossed: Reader = (speech, record) => {
  const signal = speech.message.includes('allocatable') ? 'allocatableMemory.available' : 'memory.available'
  return eviction(record, 'threshold-met', { signal, message: speech.message })
}

const softNotYet: Reader = (speech, record) => {
  const signal = signalIn(speech)
  return signal === null ? null : eviction(record, 'threshold-met', { signal, message: speech.message })
}

/** Parts of the manager's sentences (pkg/kubelet/eviction, 1.7 to 1.34; kubernetes-oom §4.2) and what each means. First match counts. */
const sentences: readonly (readonly [RegExp, Reader])[] = [
  [/observations|^eviction manager:$/i, observed],
  [/no observation/, blind],
  [/threshold observed resource|threshold \[signal=/, threshold],
  [/criteria not yet met/, softNotYet],
  [/threshold crossed/, crossed],
  [/node conditions - observed/, condition],
  [/attempting to reclaim/, attempting],
  [/able to reduce .*without evicting/, ofRound('relieved')],
  [/must evict pod/, ofRound('must-evict')],
  [/pods ranked for eviction/, ranked],
  [/pod .*evicted successfully/, ofRound('evicted')],
  [/pod .*failed to evict/, said('failed')],
  [/cannot evict a critical|cannot get mirror pod/, said('refused')],
  [/unable to evict any pods|no pods are active to evict/i, said('nothing-to-evict')],
  [/failed to get summary stats/, blind],
]

function manager(speech: Speech, record: LogRecord, state: KubeletState): EvictionEvent | NodeEvent | null {
  const read = sentences.find(([shape]) => shape.test(speech.message))?.[1]
  return read === undefined ? null : (read(speech, record, state) as EvictionEvent | NodeEvent | null)
}

/** The message of a pod's status where somebody printed just that (`-o jsonpath={.status.message}`): it names the signal, not the pod. */
const bareMessage: Reader = ({ message }, record) => {
  const told = message.startsWith('The node was low on resource: ') ? evictionMessage(message) : null
  return told === null
    ? null
    : eviction(record, 'observed', {
        signal: told.resource,
        thresholdBytes: told.thresholdBytes,
        availableBytes: told.availableBytes,
        message,
        usages: told.usages,
      })
}

/** The kubelet's eviction manager. Clean-up after an eviction tells nothing new and is left out. */
export const evictionLines: readonly KubeletLine[] = [
  { literal: 'viction manager', read: manager },
  { literal: 'Evicting pod', read: evicting },
  { literal: 'memory eviction threshold crossed', read: crossed },
  { literal: 'eviction criteria not yet met', read: softNotYet },
  { literal: 'The node was low on resource', read: bareMessage },
]
