import type { SourcePlace } from '../../model/evidence.ts'
import type { InputSource } from '../source.ts'
export function placeSources(
  _sources: readonly Pick<InputSource, 'name' | 'path' | 'bundle' | 'modifiedMs'>[],
): ReadonlyMap<string, SourcePlace> {
  return new Map()
}
