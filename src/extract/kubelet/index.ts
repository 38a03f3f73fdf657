import type { Extractor, ExtractorSession } from '../define-extractor.ts'
import { perHost } from '../per-host.ts'
import { containerLines } from './containers.ts'
import { evictionLines } from './eviction.ts'
import { nodeLines } from './node.ts'
import { kubeletSpeech } from './speech.ts'
import { freshState, named } from './state.ts'

/** Preemption's own lines come first: `preemption: pod X evicted successfully` is no eviction for pressure. */
const lines = [...nodeLines, ...evictionLines, ...containerLines]

function open(): ExtractorSession {
  const state = freshState()
  return {
    push(record, sink) {
      // A message is mostly a part of its line.
      const text = record.raw.includes(record.message) ? record.raw : `${record.raw}\n${record.message}`
      const candidates = lines.filter(({ literal }) => text.includes(literal))
      if (candidates.length === 0) return
      const speech = kubeletSpeech(record)
      if (speech === null) return
      for (const line of candidates) {
        const event = line.read(speech, record, state)
        if (event === null) continue
        sink.event(event.kind === 'container' ? { ...event, target: named(event.target, state) } : event)
        return
      }
    },
    wantsNext: false,
    end() {},
  }
}

/** The kubelet's log, 1.7 to 1.34 and later: printf text, structured text and JSON (kubernetes-oom §4). */
export const kubelet: Extractor = {
  id: 'kubelet',
  literals: lines.map(({ literal }) => literal),
  // An exit code of 137 is told of whether or not anything else is known of that container.
  lives: { literals: lines.flatMap(({ literal, lives }) => (lives === true ? [literal] : [])), telling: ['137'] },
  open: () => perHost(open),
}
