import type { LossMark } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { baseOf, numberOf } from './event-base.ts'
import { type LineShape, lineExtractor, readShapes } from './line-extractor.ts'
import { lossOf } from './loss-of.ts'
import { mayBeBy } from './speaker.ts'

const loss =
  (what: LossMark['what']): LineShape['read'] =>
  ({ count, subject = null }, record): LossMark => ({
    ...baseOf(record),
    kind: 'loss',
    what,
    count: numberOf(count),
    subject,
    of: lossOf(what, subject),
  })

/** What loggers say of lines that they lost (support-bundles §5). The kernel's own marks are read with its notices. */
const shapes: readonly LineShape[] = [
  // systemd-journald
  { literal: 'kernel messages', shape: /^Missed (?<count>\d+) kernel messages/, read: loss('journal-missed') },
  { literal: 'kmsg buffer overrun', shape: /^\/dev\/kmsg buffer overrun, some messages lost/, read: loss('kmsg-overrun') },
  { literal: 'Suppressed ', shape: /^Suppressed (?<count>\d+) messages from (?<subject>\S+)/, read: loss('journal-missed') },
  // rsyslog: `imjournal: 4096 messages lost due to rate-limiting (20000 allowed within 600 seconds)`, `imuxsock lost 12 messages from pid 42 due to rate-limiting`
  {
    literal: 'due to rate-limiting',
    shape: /(?<subject>im\w+)(?:\[pid \d+\])?:? (?:lost )?(?:(?<count>\d+) messages (?:lost|from pid \d+)|begin to drop messages)/,
    read: loss('syslog-lost'),
  },
]

export const logLoss = lineExtractor(
  'log-loss',
  ['kernel messages', 'kmsg buffer overrun', 'Suppressed ', 'due to rate-limiting'],
  (record: LogRecord) => (mayBeBy(record, /journal|rsyslog|syslog|^kernel$/) ? readShapes(shapes, record.message, record) : null),
)
