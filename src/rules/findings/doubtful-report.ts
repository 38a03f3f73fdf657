import { nameOf } from '../../facts/names.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import type { DumpDoubt, OomDump } from '../../model/oom-dump.ts'
import { code, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule } from './scene.ts'

/** Reports whose parts may be those of two: nothing that is read from them together is sure. */
export const doubtfulReport: FindingRule = (scene) => {
  const seen = new Set<OomDump>()
  return scene.kills.flatMap((kill) => {
    const { dump } = kill
    if (dump === null || seen.has(dump)) return []
    seen.add(dump)
    return dump.doubts.map((doubt) => ({
      id: 'report-of-two',
      statement: say`The report of the kill of ${nameOf(kill.comm, kill.pid)} ${doubt === 'torn' ? say`is not whole` : say`may be of two`}: ${why[doubt]}. What follows from its parts together is not certain.`,
      workload: null,
      evidence: evidence(
        dump.quotes.memory ?? dump.quotes.counters?.slice(0, 1) ?? [],
        dump.quotes.summary ?? [],
        dump.quotes.kill?.slice(0, 1) ?? [],
      ),
    }))
  })
}

const why: Readonly<Record<DumpDoubt, Phrase>> = {
  gap: say`lines are missing between its figures and its victim, and nothing shows that both sides belong together`,
  torn: say`its lines were broken, and not all could be put together again without a guess`,
  'victims-differ': say`${code('oom-kill:')} and ${code('Killed process')} name two processes (the second may be a thread of the first)`,
  interleaved: say`lines of another report stand between its own, and none of them says which processor printed it`,
}
