/**
 * Whether a small text is the source of a program (or its tests): what stands in it between quotes, in comments and patterns are words about kills, not reports of
 * them. Told by its lines, so that a log under the name of a program stays a log, and prose with some code in it stays prose.
 */
export function isProgramText(text: string, path: string): boolean {
  const lines = text.split('\n', MOST).filter((line) => line.trim() !== '')
  if (lines.length < FEWEST || (!named.test(path) && lines.some((line) => logLine.test(line)))) return false
  const code = lines.filter((line) => codeLine.test(line)).length
  return code >= lines.length * 0.4 && lines.some((line) => keyword.test(line))
}

/** A program's file may quote whole logs, whose lines then stand at the margin. */
const named = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|scala|c|h|cc|cpp|hpp|cs|rb|php|swift|pl|lua)$/i
export const isNamedProgram = (path: string): boolean => named.test(path)
const MOST = 2_000
const FEWEST = 4
/** Lines of logs, of descriptions and of documents begin like this; in a program they are quoted or indented. */
const logLine =
  /^(?:\[ {0,5}\d{1,10}\.\d{3,6}\] |\[[A-Z][a-z]{2} [A-Z][a-z]{2} |<\d{1,3}>|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\d{4}-\d\d-\d\d[T ]\d\d:|[IWEF]\d{4} \d\d:|(?:Out of memory|Memory cgroup out of memory|oom-kill:|oom_reaper:)|\s*(?:Name|Namespace|Containers|Last State|Reason|Events):(?:\s|$)|apiVersion:|```)/
/** Statements, braces, comments: how lines of C, Go, Java, JavaScript, Python, Rust and their like begin or end. */
const codeLine =
  /[;{}()[\],=>:\\]\s*(?:(?:\/\/|#).*)?$|^\s*(?:\/\/|\/\*|\*|#|import\b|from\b|export\b|const\b|let\b|var\b|return\b|if\b|else\b|for\b|def\b|class\b|func\b|fn\b|use\b|pub\b|static\b|@\w|[\w.]+\(|['"`])/
const keyword =
  /^\s*(?:import\s+[\w{*"'(]|from\s+[\w.]+\s+import\b|export\s+(?:const|function|default|interface|type|class)\b|const\s+\w+\b.*=|let\s+\w+\b.*=|func\s+\w+\(|func\s+\(|package\s+\w+;?\s*$|def\s+\w+\(|class\s+\w+|#include\s*[<"]|fn\s+\w+|pub\s+(?:fn|struct|mod|use)\b|use\s+[\w:]+|(?:public|private|static)\s+[\w<>*]+\s|return\b.*;|function\s+\w+|describe\(|it\()/
