import type { KernelNotice } from '../../model/event.ts'
import type { LogRecord } from '../../model/record.ts'
import { readLine } from './read-line.ts'

/**
 * A line that looks like the kernel's kill but that its wrapping knows to be a program's (`/dev/kmsg` write, `logger -t kernel`). No kill, but
 * it tells which copies of the line, in sources that cannot know, are not to be believed.
 */
export function writtenByUserspace(record: LogRecord): KernelNotice | null {
  if (record.writer !== 'userspace') return null
  const text = record.message.replace(/^(?:kernel: )?(?:\[\s*\d+\.\d+\] )?/, '')
  const item = /ill(?:ed)? process|oom-kill:|oom_reaper|oom-killer/.test(text) ? readLine(text) : null
  if (item === null) return null
  const isProof = item.kind === 'kill' || item.kind === 'summary' || item.kind === 'reaped'
  if (!isProof && item.kind !== 'header') return null
  return {
    kind: 'kernel-notice',
    notice: 'forged-oom-line',
    comm: item.kind === 'summary' ? (item.readings[0]?.comm ?? null) : item.comm,
    pid: item.kind === 'header' ? null : item.pid,
    order: null,
    bytes: null,
    subject: record.message,
    moment: record.moment,
    host: record.host,
    bootId: record.bootId,
    writer: record.writer,
    quotes: [{ ...record.origin, text: record.raw.split('\n')[0] ?? record.raw }],
  }
}
