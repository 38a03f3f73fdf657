import { kernelVersion } from '../../kernel/release.ts'
import type { OomDump } from '../../model/oom-dump.ts'
import type { Draft } from './draft.ts'

type Era = NonNullable<OomDump['era']>

/**
 * The badness formula (kernel-oom-formats §10.1) that the report's own shapes imply. Vendors backport shapes, so shapes go first and the release settles only
 * what they leave open: `null` when both are silent.
 */
export function eraOf(draft: Draft, release: string | null): OomDump['era'] {
  return byShape(draft) ?? byRelease(release)
}

function byShape(draft: Draft): Era | null {
  const columns = draft.columns ?? []
  const has = (name: string): boolean => columns.includes(name)
  // 0: up to 2.6.35, `oom_adj` without `oom_score_adj`.
  if (draft.header?.oomAdj != null && draft.header.oomScoreAdj === null) return 0
  if (has('oom_adj') && !has('oom_score_adj')) return 0
  // 5: columns of 6.8, the UID of 6.12, statistics split in anon and file (5.9).
  if (has('rss_anon') || draft.stackHead?.hasUid) return 5
  if (draft.stats.some((s) => 'workingset_refault_anon' in s.values || 'sec_pagetables' in s.values)) return 5
  if (draft.nodes.some((n) => 'kernel_stack' in n.values)) return 5
  // 3: nr_pmds was there from 4.0 to 4.14.
  if (has('nr_pmds')) return 3
  return null
}

function byRelease(release: string | null): Era | null {
  const version = kernelVersion(release)
  if (version === null) return null
  const { major, minor, patch, el } = version
  const at = major * 1000 + minor
  if (at === 2006) return patch >= 36 || (patch === 32 && el === 6) ? 1 : 0
  if (at < 3006) return 1
  // RHEL7 and its children are 3.10.0-N with the formula of 3.14.
  if (at === 3010 && patch === 0 && version.build) return 3
  if (at < 3014) return 2
  if (at < 4017) return 3
  return at < 5009 ? 4 : 5
}
