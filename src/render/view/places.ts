import type { AnyReport, ReportEvidence } from '../../model/report.ts'
import { sharedRoot } from '../../text/shared-root.ts'
import { codeOf, join, type Rich } from './rich.ts'

type Place = Pick<ReportEvidence, 'source' | 'line'> & Partial<Pick<ReportEvidence, 'offset' | 'cursor'>>

/** Where lines stand, in words: the folder or archive that all sources share is said once. */
export interface Places {
  of(place: Place): Rich
  /** The source alone. */
  source(name: string): Rich
  formatOf(source: string): string | null
  /** `Places are below node-17.tar.gz!sos/`, or `null` where the sources share nothing. */
  readonly note: Rich | null
}

export function placesOf(report: AnyReport): Places {
  const formats = new Map(report.sources.map(({ name, format }) => [name, format]))
  const root = sharedRoot([...formats.keys()])
  const below = (name: string): string => (root !== '' && name.startsWith(root) ? name.slice(root.length) : name)
  return {
    of: (place) => placeOf(place, below(place.source)),
    source: (name) => codeOf(below(name)),
    formatOf: (source) => formats.get(source) ?? null,
    note: root === '' ? null : join('Places are below ', codeOf(root), '.'),
  }
}

function placeOf({ line, cursor, offset }: Place, source: string): Rich {
  if (line !== null) return codeOf(`${source}:${line}`)
  const inner = (cursor ?? null) !== null ? 'journal entry' : (offset ?? null) !== null ? `byte ${offset}` : null
  return inner === null ? codeOf(source) : { rich: [{ text: source, code: true }, { text: ` (${inner})` }], raw: source }
}
