import { code, count, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import { throttled } from '../root-cause/memory-high-throttling.ts'
import type { FindingRule } from './scene.ts'

/** memory.high throttles and never kills: slow, with usage that stays high, it is taken for a leak (§7.29). */
export const throttledByMemoryHigh: FindingRule = (scene) =>
  scene.timeline.snapshots.flatMap((snapshot) => {
    if (snapshot.kind !== 'cgroup') return []
    const found = throttled({ cgroups: [snapshot] })
    if (found === null) return []
    return [
      {
        id: 'memory-high-throttling',
        statement: say`${code(found.path)} was throttled ${count(found.high)} times at its memory.high; that slows it down and kills nothing.`,
        workload: null,
        evidence: evidence([found.quote]),
      },
    ]
  })
