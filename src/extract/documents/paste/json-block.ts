import { BACKSLASH, BRACE_CLOSE, BRACE_OPEN, BRACKET_CLOSE, BRACKET_OPEN, QUOTE } from '../../../units/characters.ts'
/** Index behind the line on which the JSON value that begins on line `from` ends; the end of the lines where it is cut off. */
export function jsonEnd(lines: readonly string[], from: number): number {
  let depth = 0
  let quoted = false
  for (let index = from; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    for (let at = 0; at < line.length; at += 1) {
      const code = line.charCodeAt(at)
      if (quoted) {
        if (code === BACKSLASH) at += 1
        else if (code === QUOTE) quoted = false
      } else if (code === QUOTE) quoted = true
      else if (code === BRACE_OPEN || code === BRACKET_OPEN) depth += 1
      else if (code === BRACE_CLOSE || code === BRACKET_CLOSE) depth -= 1
      if (depth === 0 && !quoted && (code === BRACE_CLOSE || code === BRACKET_CLOSE)) return index + 1
    }
    // a string ends on its line
    quoted = false
  }
  return lines.length
}

/** `{`, `[`, `[{…`, `{"lastState": …`: where a value of JSON may begin; `[  12.3]` and `[Tue Nov …]` are stamps. */
export const beginsJson = (line: string): boolean => /^\s*(?:\{\s*(?:"|$)|\[\s*(?:[{[]|$))/.test(line)

/** What only pods, their parts and events have. */
const TELLS =
  /"(?:lastState|terminated|containerStatuses|initContainerStatuses|involvedObject|regarding)" *:|"reason" *: *"(?:OOMKilled"|Evicted"|OutOfMemoryError: )/i
/** Log exports carry Event objects in wrappings of their own: those are records. */
const LOG_LINE = /"(?:jsonPayload|insertId|@timestamp|_source|logName|_raw|MESSAGE|schemaVersion)" *:|audit\.k8s\.io/

export const isWorthReading = (text: string): boolean => TELLS.test(text) && !LOG_LINE.test(text)
