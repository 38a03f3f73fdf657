import type { LogRecord } from '../model/record.ts'
import { pairsAt } from './go-values.ts'

/** A line of logrus (containerd, CRI-O, dockerd, podman, k3s, k0s): its message and its fields. */
export interface LogrusLine {
  readonly message: string
  readonly fields: Readonly<Record<string, string>>
}

/** `INFO[2024-01-31T12:00:00.123456789Z] message    id=…`: logrus on a terminal. */
const terminalShape = /^(?:TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[[^\]]{1,40}\]\s*(?<message>.*)$/s

/**
 * Takes `time="…" level=info msg="…" id=…`, its JSON, its terminal form, or a message that the format has already freed of them.
 */
export function logrusLine(record: LogRecord): LogrusLine {
  const text = record.message
  if (text.startsWith('time=') || text.startsWith('level=')) {
    const { msg, ...fields } = pairsAt(text, 0)
    if (msg !== undefined) return { message: msg, fields }
  }
  if (text.startsWith('{')) return fromJson(text) ?? { message: text, fields: record.fields }
  const terminal = terminalShape.exec(text)?.groups?.['message']
  return { message: terminal ?? text, fields: record.fields }
}

function fromJson(text: string): LogrusLine | null {
  const fields = jsonFields(text)
  const message = fields?.['msg'] ?? fields?.['message']
  return fields === null || message === undefined ? null : { message, fields }
}

/** Members of a one-line JSON object as strings; objects and lists stay JSON. `null` when it is none. */
export function jsonFields(text: string): Record<string, string> | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null
  const fields: Record<string, string> = {}
  for (const [key, value] of Object.entries(parsed)) fields[key] = typeof value === 'string' ? value : JSON.stringify(value)
  return fields
}
