import type { AnyReport } from '../model/report.ts'
import { maskSecrets } from '../text/secrets.ts'
import { withStrings } from './strings.ts'

/** Fields whose strings are ours or times: they hold no secret, and are compared by others. */
const ours = new Set([
  'id',
  'incident',
  'related',
  'format',
  'kind',
  'time',
  'firstTime',
  'lastTime',
  'confidence',
  'pattern',
  'killer',
  'when',
])

/**
 * The report with the secrets in its strings masked: quoted lines, excerpts, command lines, sentences, commands, warnings, the timeline. Done once, on the whole report,
 * so that no reader or rule can forget it; the rules are `text/secrets.ts`.
 */
export function masked<R extends AnyReport>(report: R): R {
  return withStrings(report, (text, key) => (ours.has(key) ? text : maskSecrets(text))) as R
}
