import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, excerptLines, killLines, lines } from '../evidence.ts'
import { isKnown } from './held.ts'

/** In no counter of the report: balloon, GPU and driver buffers, raw pages. Worth naming above 15 % of managed memory (§12.0). */
export const unaccounted = defineRule({
  question: 'consumer',
  id: 'unaccounted',
  title: 'Memory in no counter',
  needs: ['composition'],
  weight: 55,
  evaluate(facts) {
    const held = facts.composition
    if (held.main.id !== 'unaccounted' || !isKnown(held)) return null
    // Everything charged to a group is user pages, sockets or the kernel's: without a counter of the last, they are the rest.
    if (held.scope === 'memcg' && !countsKernel(facts)) return null
    const share = held.unaccountedBytes / held.totalBytes
    if (share < 0.15) return null
    // Huge page lines are of a lower log level: without them their pool hides here.
    const named = namedPart(facts)
    const sure = named !== null || (facts.dump?.memInfo != null && facts.dump.memInfo.hugepages.length > 0 && closes(facts))
    return {
      confidence: facts.trust === 'high' && share >= 0.4 && sure ? 'high' : 'medium',
      statement: say`${bytes(held.unaccountedBytes)}, ${percent(share)} of ${bytes(held.totalBytes)}, ${named ?? say`stand in no counter of the report: a balloon, GPU or driver buffers, or pages that the kernel took directly`}.`,
      evidence: evidence(
        named === null ? [] : excerptLines(facts, 'Balloon', 'gpu_active'),
        counterLines(facts, 'active_anon', 'free', 'slab_unreclaimable', 'anon', 'kernel'),
        lines(facts, 'ram', 'memory'),
        killLines(facts, 1),
      ),
      against: sure
        ? null
        : say`The lines of the huge page pools are not in the log, or the totals do not agree with the zones: a pool would stand here too.`,
    }
  },
})

export const countsKernel = (facts: IncidentFacts): boolean =>
  facts.dump?.kmem != null || (facts.dump?.stats.some((stats) => 'kernel' in stats.values) ?? false)

/** Whether the zones' managed memory agrees with RAM − reserved: else a total is damaged, or zones are filtered. */
function closes(facts: IncidentFacts): boolean {
  const zones = facts.dump?.memInfo?.zones.map((zone) => zone.values['managed'] ?? 0) ?? []
  const sum = zones.reduce((total, size) => total + size, 0)
  return sum === 0 || Math.abs(sum - (facts.composition?.totalBytes ?? 0)) <= sum * 0.02
}

/** `Balloon:` and `gpu_active:` on the node lines of ~6.16 and later name what no other counter holds. */
function namedPart(facts: IncidentFacts) {
  const details = facts.machineAccounting?.details ?? {}
  const balloon = details['balloon'] ?? 0
  const gpu = details['gpu'] ?? 0
  const most = Math.max(balloon, gpu)
  if (facts.composition?.scope !== 'machine' || most < facts.composition.unaccountedBytes * 0.5) return null
  return balloon >= gpu
    ? say`were with no process and no cache: the hypervisor's balloon had taken ${bytes(balloon)} (${code('Balloon')})`
    : say`were with no process and no cache: the GPU held ${bytes(gpu)} (${code('gpu_active')}, ${code('gpu_reclaim')})`
}
