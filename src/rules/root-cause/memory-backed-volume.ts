import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf, machineOf } from '../../facts/names.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { mostOf } from '../../units/extremes.ts'
import { boundRuntime } from '../advice/bound-runtime.ts'
import { insideOf } from '../advice/target.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { sharedSegment } from './shared-segment.ts'
import { heldAs, shareOf } from './signs.ts'

/** Files in memory: emptyDir of medium Memory, /dev/shm, tmpfs; or a shared segment of a program. They stay when a process dies. */
export const memoryBackedVolume = defineRule({
  question: 'rootCause',
  id: 'memory-backed-volume',
  title: 'Files kept in memory',
  needs: ['composition'],
  weight: 75,
  evaluate(facts) {
    const share = shareOf(facts, 'shmem')
    if (facts.kill?.killer !== 'kernel' || share < 0.3) return null
    const size = heldAs(facts, 'shmem')
    const small = (facts.kill.anonRssBytes ?? 0) < size
    const mapped = isMapped(facts)
    const where = facts.composition.scope === 'memcg' ? groupOf(facts) : machineOf(facts)
    return {
      confidence: share >= 0.5 && small && !mapped && !mayBeGraphics(facts) ? facts.trust : 'medium',
      statement: mapped
        ? say`${bytes(size)}, ${percent(share)} of what ${where} held, is shared memory that processes map: a segment of ${segmentOwner(facts)}, or files in memory. It is freed when the last process that maps it ends.`
        : mayBeGraphics(facts)
          ? say`${bytes(size)}, ${percent(share)} of what ${where} held, is shared memory that no process of the table maps: files in memory (tmpfs, ${code('/dev/shm')}), or buffers of the graphics driver, which the kernel counts the same way. Killing a process frees no file, and a buffer only where it was that process's.`
          : say`${bytes(size)}, ${percent(share)} of what ${where} held, is files in memory (tmpfs, ${code('/dev/shm')}${volume(facts)}). Killing a process frees none of them${small ? beside(facts, size) : say``}.`,
      evidence: evidence(
        counterLines(facts, 'shmem', 'total_shmem'),
        facts.pod?.memoryVolumes.flatMap((v) => v.quotes).slice(0, 2) ?? [],
        lines(facts, 'memory'),
        killLines(facts, 1),
      ),
      against: mapped
        ? say`Files in memory that a process maps look the same.`
        : mayBeGraphics(facts)
          ? say`Nothing in the report tells files in memory from graphics buffers (GEM objects of i915, amdgpu, xe and others).`
          : null,
    }
  },
  recommend: (facts) => (isMapped(facts) ? [...segmentSize(facts), ...boundRuntime(facts)] : volumeAdvice(facts)),
  settledBy: (facts) =>
    shareOf(facts, 'shmem') >= 0.3 && !isMapped(facts) && mayBeGraphics(facts)
      ? [{ text: say`What the shared memory is: files in a tmpfs, or buffers of the graphics driver.`, command: `${FILES}; ${BUFFERS}` }]
      : [],
})

/** Wherever a tmpfs is mounted: a volume stands where its pod wants it. No single quote, since a shell within is given it in those. */
const FILES =
  'df -h -t tmpfs; grep " tmpfs " /proc/mounts | cut -d" " -f2 | while read -r m; do du -xsk "$m"/*; done 2>/dev/null | sort -rn | head'
/** What each client of a graphics driver holds (Documentation/gpu/drm-usage-stats.rst, from 5.19 on), and i915's own list. */
const BUFFERS =
  'grep -sH drm-total- /proc/[0-9]*/fdinfo/* | sort -k2 -rn | head; cat /sys/kernel/debug/dri/*/i915_gem_objects 2>/dev/null | head -3'

/** What the killed one held: less than the files, which need not be little. */
function beside({ kill }: IncidentFacts, size: number): Phrase {
  const own = kill?.anonRssBytes ?? 0
  return own < size / 4
    ? say`, and the one that was killed held little beside them`
    : say`; the one that was killed held ${bytes(own)} beside them`
}

/** A pod's or container's shared memory is files. Of a machine or a session it may be GEM objects, which are shmem too (drivers/gpu/drm/drm_gem.c). */
function mayBeGraphics(facts: IncidentFacts): boolean {
  const inContainer = facts.victimCgroup?.podUid != null || facts.limitCgroup?.level === 'container' || facts.pod !== null
  return (
    !inContainer &&
    (facts.composition?.scope !== 'memcg' || facts.limitCgroup?.level === 'user-session' || facts.limitCgroup?.level === 'slice')
  )
}

/** Most of it is mapped by processes (6.8 and later print rss_shmem; the kill line prints the victim's). */
function isMapped(facts: IncidentFacts): boolean {
  const size = heldAs(facts, 'shmem')
  const most = mostOf([facts.kill?.shmemRssBytes ?? 0, ...(facts.dump?.tasks ?? []).map((row) => row.rssShmemBytes ?? 0)])
  return size > 0 && (most >= size * 0.5 || sharedSegment(facts) !== null)
}

function segmentOwner(facts: IncidentFacts): Phrase {
  const segment = sharedSegment(facts)
  return segment === null ? say`a database or of workers` : say`${code(segment.comm)} (${segment.processes} processes)`
}

function segmentSize(facts: IncidentFacts): readonly Recommendation[] {
  const size = heldAs(facts, 'shmem')
  return [
    {
      text: say`Set the program's shared segment (PostgreSQL: ${code('shared_buffers')}) so that it leaves room for its processes: it took ${bytes(size)}.`,
      why: say`The segment is there as long as the service runs, and every connection or worker comes on top of it.`,
      command: 'ipcs -mu; ipcs -m; grep -E "Shmem:|PageTables" /proc/meminfo',
      when: 'now',
      effect: say`The command changes nothing; the setting takes a restart of the service.`,
      lookFirst: true,
      owner: 'application',
    },
  ]
}

function volumeAdvice(facts: IncidentFacts): readonly Recommendation[] {
  const size = heldAs(facts, 'shmem')
  const [named] = facts.pod?.memoryVolumes ?? []
  const inPod = facts.pod !== null || facts.victimCgroup?.podUid != null
  const what = named !== undefined ? say`the volume ${code(named.name)}` : inPod ? say`the memory-backed volume` : say`the tmpfs`
  const inside = insideOf(facts)
  const uid = facts.victimCgroup?.podUid ?? null
  const graphics = mayBeGraphics(facts)
  return [
    {
      text: graphics
        ? say`Find out what the ${bytes(size)} are: files in a tmpfs (delete what is not needed), or graphics buffers (restart the client that holds the most, or the session).`
        : say`Find out which files in ${what} hold ${bytes(size)} and who leaves them there; delete what is not needed${inPod ? say`, or the pod: a new one begins with an empty volume` : say``}.`,
      why: say`${graphics ? say`They are in no process of the table` : say`They count against the memory limit like any process`}, and stay after every kill: the next one comes sooner.`,
      command: inside !== '' ? `${inside}sh -c '${FILES}'` : uid !== null ? onNode(uid) : graphics ? `${FILES}; ${BUFFERS}` : FILES,
      when: 'now',
      effect: say`The command changes nothing.`,
      owner: 'application',
    },
    {
      text: say`Give ${what} a ${named?.sizeLimitBytes == null ? say`` : say`smaller `}size (${inPod ? say`${code('sizeLimit')} of the emptyDir` : say`mount option ${code('size=')}`}) that fits ${facts.scope === 'memcg' ? 'the memory limit' : 'the memory'} beside the processes, or put the files on disk.`,
      why: say`With such a size the writer gets "no space left", which it can handle; else the kernel kills.`,
      command: null,
      when: 'prevent',
      effect: inPod ? say`Rolls every replica.` : say`${code('mount -o remount,size=…')} does it in place.`,
      owner: 'application',
    },
    ...(facts.scope === 'memcg' ? [countIn(size)] : []),
  ]
}

function countIn(size: number): Recommendation {
  return {
    text: say`Count the files (${bytes(size)} at the kill) into the memory limit, beside what the processes need.`,
    why: say`The limit covers both.`,
    command: null,
    when: 'prevent',
    effect: say`A new limit takes a restart of what is limited, as a rule.`,
    owner: 'application',
  }
}

/** Every tmpfs of the pod as the node sees it: its emptyDirs below the kubelet's folder, and the containers' /dev/shm. They stay as long as the pod. */
const onNode = (uid: string): string =>
  `df -h -t tmpfs | grep -E '${uid}|/shm$'; du -sh /var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~empty-dir/*  # on the node`

function volume(facts: IncidentFacts): Phrase {
  const [first] = facts.pod?.memoryVolumes ?? []
  if (first === undefined) return facts.victimCgroup?.podUid != null ? say`, a memory-backed volume` : say``
  return first.sizeLimitBytes === null
    ? say`; volume ${code(first.name)} is an emptyDir of medium Memory without a size limit`
    : say`; volume ${code(first.name)} is an emptyDir of medium Memory of at most ${bytes(first.sizeLimitBytes)}`
}
