import type { AnyReport } from '../model/report.ts'
import { plainIncident, plainReport } from '../report/plain.ts'
import { jsonPieces, Lazy } from '../text/json-pieces.ts'
import type { Pieces, Render } from './define-output.ts'

/** Down to the single kill. */
const DEPTH = 4

/** The contract's JSON: the report as it is, keys in the order in which it was assembled. */
export function* jsonInPieces(report: AnyReport): Generator<string> {
  const head = plainReport({ ...report, incidents: [] })
  yield* jsonPieces({ ...head, incidents: report.incidents.map((one) => new Lazy(() => plainIncident(one))) }, 2, DEPTH)
  yield '\n'
}

/** One incident a line; empty for a report without incidents. */
export function* ndjsonInPieces(report: AnyReport): Generator<string> {
  for (const incident of report.incidents) {
    yield* jsonPieces(plainIncident(incident), 0, DEPTH - 2)
    yield '\n'
  }
}

const whole =
  (pieces: Pieces): Render =>
  (report) =>
    [...pieces(report)].join('')

export const json = whole(jsonInPieces)
export const ndjson = whole(ndjsonInPieces)
