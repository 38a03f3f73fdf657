import { isProof, isReportLine } from './kernel-line.ts'
import { physicalLines, type TextLine } from './text-line.ts'

/** A string of JSON, with the colon behind it when it is a name. */
const literal = /"[^"\\]*(?:\\.[^"\\]*)*"(?<name>\s*:)?/g
/** A string on a longer line is no line that anybody could look up. */
const QUOTABLE = 4_000

/**
 * The texts that people pasted into what an export of a chat, a ticket or a notebook holds as strings of JSON (Slack, Teams, Jira, GitHub, Jupyter, a command's output
 * in a result): each line of those with a report's words, escapes undone. `null`: no JSON, or no such text in it.
 */
export function textsOfJson(text: string): TextLine[] | null {
  if (!/^\s*[{[]/.test(text) || isOfApi(text) || !isJson(text)) return null
  const lines: TextLine[] = []
  let [row, counted] = [0, 0]
  for (const match of text.matchAll(literal)) {
    if (match.groups?.['name'] !== undefined || !mayTell(match[0])) continue
    for (let feed = text.indexOf('\n', counted); feed !== -1 && feed < match.index; feed = text.indexOf('\n', counted)) {
      row += 1
      counted = feed + 1
    }
    const own = physicalLines(String(JSON.parse(match[0])))
    if (!own.some((line) => isReportLine(line.text) || isProof(line.text) || isTold(line.text))) continue
    const end = text.indexOf('\n', match.index)
    const isWide = (end === -1 ? text.length : end) - counted > QUOTABLE
    lines.push(...own.map((line) => ({ text: line.text, from: row, to: row + 1, encoded: isWide })))
  }
  return lines.length > 0 ? lines : null
}

/** Objects of the Kubernetes API have a reader of their own: what their messages quote is no log. */
const isOfApi = (text: string): boolean => /"apiVersion"\s*:\s*"/.test(text) && /"kind"\s*:\s*"/.test(text)

/** What a description, a row or an event tells of a death. */
const isTold = (text: string): boolean => /\b(?:OOMKilled|OOMKilling|SystemOOM)\b|\sEvicted\s/.test(text)
const mayTell = (quoted: string): boolean => /oom|kill|f memory|evicted/i.test(quoted)

/** One value, or one on each line. */
function isJson(text: string): boolean {
  return parses(text) || text.split('\n').every((line) => line.trim() === '' || parses(line))
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
