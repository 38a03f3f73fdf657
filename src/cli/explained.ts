import { explainTerm, nearTerms, termNames } from '../explain/terms.ts'

/** The text of one term; without a term the list of all, and for an unknown one those that are near. */
export function explained(term: string | null): { text: string; found: boolean } {
  if (term === null) return { text: `Terms:\n${columns(termNames())}`, found: true }
  const found = explainTerm(term)
  if (found !== null) return { text: `${found.title}\n\n${found.short}\n${found.long === '' ? '' : `\n${found.long}\n`}`, found: true }
  const near = nearTerms(term)
  return {
    text: `oom-report: no such term: ${term}\n${near.length > 0 ? `Did you mean ${near.join(', ')}?\n` : "'oom-report explain' lists them.\n"}`,
    found: false,
  }
}

function columns(names: readonly string[]): string {
  const width = Math.max(...names.map((n) => n.length)) + 2
  const perLine = Math.max(1, Math.floor(100 / width))
  let text = ''
  names.forEach((name, i) => {
    text += name.padEnd(width) + (i % perLine === perLine - 1 ? '\n' : '')
  })
  return `${text.trimEnd()}\n`
}
