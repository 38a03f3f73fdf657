import type { BootMark, KernelNotice, LossMark } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import type { Extractor } from './define-extractor.ts'
import { baseOf, numberOf } from './event-base.ts'
import { lossShapes, noticeShapes } from './kernel-notice-shapes.ts'
import { isKernelRecord } from './kernel-oom/line.ts'
import { lossOf } from './loss-of.ts'

/** Kernel messages around an OOM that are no kills, boots, and marks of lost lines. */
export const kernelNotices: Extractor = {
  id: 'kernel-notices',
  literals: ['Linux version ', ...noticeShapes.map((s) => s.literal), ...lossShapes.map((s) => s.literal)],
  open: () => ({
    push(record, sink) {
      const loss = readLoss(record)
      if (loss !== null) sink.event(loss)
      if (!isKernelRecord(record)) return
      const event = readBoot(record) ?? readNotice(record)
      if (event !== null) sink.event(event)
    },
    wantsNext: false,
    end: () => undefined,
  }),
}

function readBoot(record: LogRecord): BootMark | null {
  if (!record.message.startsWith('Linux version ')) return null
  return { ...baseOf(record), kind: 'boot', release: /^Linux version (?<release>\S+)/.exec(record.message)?.groups?.release ?? null }
}

function readNotice(record: LogRecord): KernelNotice | null {
  for (const shape of noticeShapes) {
    const found = record.message.includes(shape.literal) ? shape.pattern.exec(record.message)?.groups : undefined
    if (found === undefined && !(record.message.includes(shape.literal) && shape.pattern.test(record.message))) continue
    const blank = { comm: null, pid: null, order: null, bytes: null, subject: null }
    return { ...baseOf(record), kind: 'kernel-notice', ...blank, ...shape.read(found ?? {}) }
  }
  return null
}

function readLoss(record: LogRecord): LossMark | null {
  for (const shape of lossShapes) {
    const found = record.message.includes(shape.literal) ? shape.pattern.exec(record.message) : null
    if (found === null) continue
    const { count, subject = null } = found.groups ?? {}
    return { ...baseOf(record), kind: 'loss', what: shape.what, count: numberOf(count), subject, of: lossOf(shape.what, subject) }
  }
  return null
}
