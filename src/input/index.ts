import type { SourcePlace } from '../model/evidence.ts'
import type { InputOptions, InputSource, OpenedInputs } from './source.ts'

export { defaultLimits } from './limits.ts'
export type { InputLimits, InputOptions, InputOutcome, InputSource, OpenedInputs } from './source.ts'

/** Everything readable under the arguments: files, folders, archives in archives, `-` for standard input. */
export function openInputs(paths: readonly string[], _options: InputOptions): OpenedInputs {
  return { sources: (async function* () {})(), outcome: () => ({ warnings: [], inputs: paths.length, unreadable: 0 }) }
}

/** What the layouts know of each source from its path among the others. Keys are source names. */
export function placeSources(
  _sources: readonly Pick<InputSource, 'name' | 'path' | 'bundle' | 'modifiedMs'>[],
): ReadonlyMap<string, SourcePlace> {
  return new Map()
}
