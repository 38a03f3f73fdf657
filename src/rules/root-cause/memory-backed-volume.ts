import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf, machineOf } from '../../facts/names.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { shareOf } from './signs.ts'

/** Files in memory: emptyDir of medium Memory, /dev/shm, tmpfs. They stay when the process dies. */
export const memoryBackedVolume = defineRule({
  question: 'rootCause',
  id: 'memory-backed-volume',
  title: 'Files kept in memory',
  needs: ['composition'],
  weight: 75,
  evaluate(facts) {
    const share = shareOf(facts, 'shmem')
    if (facts.kill?.killer !== 'kernel' || share < 0.3) return null
    const size = facts.composition.classes.shmem ?? 0
    const own = facts.kill.anonRssBytes ?? 0
    const small = own < size
    const mapped = mappedShare(facts)
    const where = facts.composition.scope === 'memcg' ? groupOf(facts) : machineOf(facts)
    return {
      confidence: share >= 0.5 && small && mapped < 0.5 ? facts.trust : 'medium',
      statement: say`${bytes(size)} (${percent(share)}) of what ${where} held are ${mapped >= 0.5 ? say`shared memory that processes map: a segment of a database or of workers, or files in memory (tmpfs, /dev/shm${volume(facts)}). It is freed when the last process that maps it ends, and files not even then` : say`files in memory (tmpfs, /dev/shm${volume(facts)}); ${small ? say`the killed process is small beside them, and its death frees none of them` : say`the death of a process frees none of them`}`}.`,
      evidence: evidence(
        counterLines(facts, 'shmem', 'total_shmem'),
        facts.pod?.memoryVolumes.flatMap((v) => v.quotes).slice(0, 2) ?? [],
        lines(facts, 'memory'),
        killLines(facts, 1),
      ),
      against: mapped >= 0.5 ? say`Processes map much of it: a shared segment of a database looks the same.` : null,
    }
  },
  recommend(facts) {
    const size = facts.composition.classes.shmem ?? 0
    const [named] = facts.pod?.memoryVolumes ?? []
    const what = named === undefined ? say`the memory-backed mount` : say`the volume ${code(named.name)}`
    return [
      ...(mappedShare(facts) >= 0.5 ? segment(size) : []),
      {
        text: say`Set a ${code('sizeLimit')} (or ${code('size=')}) on ${what}, below its present ${bytes(size)}, or move it to disk.`,
        why: say`Its files count against the memory limit like any process, and stay after every kill.`,
        command: 'df -h -t tmpfs',
        when: 'now' as const,
      },
      {
        text: say`Add the volume's size (${bytes(size)} at the kill) to what the processes need when the memory limit is set.`,
        why: say`The limit covers both.`,
        command: null,
        when: 'prevent' as const,
      },
    ]
  },
})

/** How much of the shared memory processes map (6.8+ prints rss_shmem), as a share of it; the largest row counts, not the sum. */
function mappedShare(facts: IncidentFacts): number {
  const size = facts.composition?.classes.shmem ?? 0
  const most = Math.max(0, facts.kill?.shmemRssBytes ?? 0, ...(facts.dump?.tasks.map((row) => row.rssShmemBytes ?? 0) ?? []))
  return size > 0 ? most / size : 0
}

function segment(size: number) {
  return [
    {
      text: say`If it is a program's own segment (PostgreSQL's ${code('shared_buffers')}, a cache of workers), set its size to leave room for the processes: it took ${bytes(size)}.`,
      why: say`Every process that touches it counts the same pages, but the limit holds them once.`,
      command: 'ipcs -m; grep -h Shmem /proc/meminfo',
      when: 'now' as const,
    },
  ]
}

function volume(facts: IncidentFacts) {
  const [first] = facts.pod?.memoryVolumes ?? []
  if (first === undefined) return say`, a memory-backed volume`
  return first.sizeLimitBytes === null
    ? say`; volume ${code(first.name)} is an emptyDir of medium Memory without a size limit`
    : say`; volume ${code(first.name)} is an emptyDir of medium Memory of at most ${bytes(first.sizeLimitBytes)}`
}
