import type { FrontPart } from './front-parts.ts'

/** Comments and diffs: what stands behind them is quoted by somebody's source. */
const comment = /^\s*(?:#(?!\d{1,6} )|\/\/|\/\*|\s\*[\s/]|;|%|<!--|[+-](?=\S)|REM\s|dnl\s|"""|''')/i
/** Assignments, calls and strings: code, or a value of some other record. */
const code = /[=({}\\$]|['"] *$|\b(?:echo|printf?|grep|assert\w*|return|const|let|var|logger)\b/i

/** The kernel's own words, of which the beginning was lost: `cgroup out of memory: `. */
const cutWords = /(?:memory|cpuset|\(MPOL_BIND\)|\(oom_kill_allocating_task\)): ?$/i

/** Never a front, however often it stands there. */
export const isNoFront = (front: string): boolean =>
  comment.test(front) ||
  cutWords.test(front) ||
  (/[a-z]/i.test(front) && 'memory cgroup out of memory: '.endsWith(front.trimStart().toLowerCase()))

/**
 * Whether one line is enough to tell that this is a front: marks, stamps, levels, names with a digit. Words that stand side by side are prose until more lines
 * begin with them.
 */
export function isPlainFront(parts: readonly FrontPart[]): boolean {
  const front = parts.map(({ text }) => text).join('')
  const cells = parts.filter(({ text }) => text === ',' || text === ';' || text === '\t' || text === '|').length
  const structured = parts.some(({ kind }) => kind === 'stamp' || kind === 'partial-stamp' || kind === 'level' || kind === 'facility')
  if (front.endsWith('"') ? !(structured || cells >= 2) || code.test(front.slice(0, -1)) : code.test(front)) return false
  const bare = bareWords(parts)
  if (structured) return bare <= 2
  if (bare === 0) return true
  // `node7 text`, `node7 | text`, `name: text`, but not `see text`
  const last = parts.findLast(({ kind }) => kind !== 'blank')
  return bare === 1 && (parts.some(({ kind, text }) => kind === 'word' && /\d/.test(text)) || last?.kind === 'mark')
}

/** Words that nothing but blanks sets off from the next part. */
function bareWords(parts: readonly FrontPart[]): number {
  return parts.filter(({ kind, text }, at) => {
    if (kind !== 'word' || /\d/.test(text)) return false
    const [before, after] = [parts[at - 1], parts[at + 1]]
    return before?.kind !== 'mark' && after?.kind !== 'mark'
  }).length
}
