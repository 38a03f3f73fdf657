import type { Quote } from '../model/origin.ts'
import type { LogRecord } from '../model/record.ts'
import type { Extractor, ExtractorSession } from './define-extractor.ts'
import { quoteOf } from './event-base.ts'
import { killEvent } from './kill-event.ts'
import { jsonFields } from './logrus.ts'
import { perHost } from './per-host.ts'

/** The structured part at the end of a line of machined: `[talos] Sending SIGKILL to cgroup {"component":…,"cgroup":"/sys/fs/cgroup/kubepods/…"}`. */
const fieldsOf = (record: LogRecord): Readonly<Record<string, string>> => {
  const at = record.message.indexOf('{')
  return (at < 0 ? null : jsonFields(record.message.slice(at))) ?? record.fields
}

function open(): ExtractorSession {
  let trigger: { quote: Quote; text: string } | null = null
  return {
    push(record, sink) {
      const text = record.message
      if (text.includes('OOM controller triggered')) trigger = { quote: quoteOf(record), text }
      else if (text.includes('Sending SIGKILL to cgroup')) {
        const cgroup = fieldsOf(record)['cgroup']?.replace(/^\/sys\/fs\/cgroup/, '') ?? null
        const reason = trigger?.text.replace(/^\[talos\] /, '') ?? null
        sink.event(killEvent(record, 'talos', { cgroup, signal: 'SIGKILL', reason }, trigger === null ? [] : [trigger.quote]))
      }
    },
    wantsNext: false,
    end() {},
  }
}

/** Talos' own OOM controller (≥ 1.12); its words are in the kernel log, so any writer will do. The pod then shows 137 / Error. */
export const talos: Extractor = {
  id: 'talos',
  literals: ['OOM controller triggered', 'Sending SIGKILL to cgroup'],
  open: () => perHost(open),
}
