import type { Journal } from '../../input/journal/index.ts'
import type { WalkOutcome } from '../../input/journal/walk.ts'
import { type WarningCode, warning } from '../../warnings.ts'
import type { Collector } from '../collector.ts'

/** A journal whose payloads that cannot be unpacked are counted. */
export interface CountedJournal {
  readonly journal: Journal
  unreadable(): number
}

export function counted(journal: Journal): CountedJournal {
  let unreadable = 0
  return {
    journal: {
      ...journal,
      unpack(flag, packed) {
        const payload = journal.unpack(flag, packed)
        if (payload === null) unreadable += 1
        return payload
      },
    },
    unreadable: () => unreadable,
  }
}

/** Says what was wrong with a journal. `lost`: fields of entries that were read. */
export function warnOfJournal(
  collector: Collector,
  source: string,
  unknownFlags: number,
  lost: { readonly unreadable: number; readonly leftOut: number },
  { damagedBytes, cut }: WalkOutcome,
): void {
  const warn = (code: WarningCode, args: Record<string, number>) => collector.sink.warn(warning(code, source, null, args))
  if (unknownFlags !== 0) warn('journal-flags-unknown', { flags: unknownFlags })
  if (damagedBytes > 0) warn('journal-damaged', { bytes: damagedBytes })
  if (cut) warn('journal-cut', {})
  if (lost.unreadable > 0) warn('journal-fields-unreadable', { count: lost.unreadable })
  if (lost.leftOut > 0) warn('journal-fields-left-out', { count: lost.leftOut })
}
