import { identifyCgroup } from '../kube/cgroup-path.ts'
import { sameId } from '../kube/ids.ts'
import type { ClockAnchor, ContainerEvent } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { KernelKill, OomDump } from '../model/oom-dump.ts'
import type { ContainerState, PodSnapshot } from '../model/snapshot.ts'
import type { Boot } from './boots.ts'

/**
 * Anchors from others who tell of the same death: a runtime's TaskOOM or a status' finishedAt names the container that the kernel killed at a known
 * uptime. They come 0–2 s after it (kubernetes-oom §8), so they bound the clock from above, as a logger's stamps do. A container that dies once only:
 * of several kills in one container nobody knows which was meant. And an end only where the kill was the container's: one whose child was killed may
 * live on for hours, end by any other SIGKILL, and be called OOMKilled even then.
 */
export function echoesOf(boot: Boot, near: readonly SourceEvidence[]): ClockAnchor[] {
  const deaths = deathsById(boot)
  if (deaths.size === 0) return []
  const anchors: ClockAnchor[] = []
  const echo = (id: string | null, epochUs: number | null, source: string, word: Word): void => {
    if (id === null || epochUs === null) return
    const death = deaths.get(id) ?? [...deaths].find(([known]) => sameId(known, id))?.[1] ?? null
    if (death === null || !(word === 'kill' || death.ended === true || (word === 'oom-end' && death.ended === null))) return
    anchors.push({ source, line: null, host: boot.host, bootId: boot.bootId, uptimeUs: death.uptimeUs, wall: { epochUs }, via: 'syslog' })
  }
  for (const { source, events, snapshots } of near) {
    for (const event of events)
      if (event.kind === 'container' && (event.what === 'oom' || event.what === 'exit'))
        echo(event.target.containerId, event.moment.wall?.epochUs ?? null, source.name, wordOf(event))
    for (const pod of snapshots.filter((s): s is PodSnapshot => s.kind === 'pod'))
      for (const c of pod.containers)
        for (const state of [c.state, c.lastState])
          if (state?.kind === 'terminated' && state.exitCode === 137)
            echo(state.containerId, state.finishedUs === null ? null : state.finishedUs + 1_000_000, source.name, endOf(state))
  }
  return anchors
}

/** What a word on a container is about: the kill itself, an end called out-of-memory, or an end. */
type Word = 'kill' | 'oom-end' | 'end'

const wordOf = ({ what }: ContainerEvent): Word => (what === 'oom' ? 'kill' : 'end')
const endOf = ({ reason }: ContainerState): Word => (reason === 'OOMKilled' ? 'oom-end' : 'end')

interface Death {
  readonly uptimeUs: number
  /** Whether the container ended with it; `null` where the report does not show who else lived there. */
  readonly ended: boolean | null
}

/** Programs that end as soon as the one child does that they were started for. */
const wrappers: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'busybox', 'tini', 'dumb-init', 'catatonit', 'docker-init'])

/** The container ends with its first process, whose pid is the lowest as a rule; a shell around the program ends with that; and a group kill leaves nobody. */
function endedWith({ tasks }: OomDump, kills: readonly KernelKill[], kill: KernelKill): boolean | null {
  if (tasks.length === 0) return null
  const first = tasks.reduce((a, b) => (b.pid < a.pid ? b : a))
  return first.pid === kill.pid || kills.some((k) => k.pid === first.pid) || (tasks.length === 2 && wrappers.has(first.comm))
}

/** The kill per container id; `null` where a container saw several. */
function deathsById(boot: Boot): Map<string, Death | null> {
  const deaths = new Map<string, Death | null>()
  for (const segment of boot.segments)
    for (const event of segment.events) {
      if (event.kind !== 'kernel-oom') continue
      for (const kill of event.dump.kills) {
        const id = kill.taskMemcg === null ? null : identifyCgroup(kill.taskMemcg).containerId
        if (id === null || kill.moment.uptimeUs === null) continue
        const { uptimeUs } = kill.moment
        const known = deaths.get(id)
        const isOne = known === undefined || (known !== null && Math.abs(known.uptimeUs - uptimeUs) < 1_000_000)
        const ended = endedWith(event.dump, event.dump.kills, kill)
        deaths.set(
          id,
          isOne ? { uptimeUs: Math.min(known?.uptimeUs ?? uptimeUs, uptimeUs), ended: known?.ended === true ? true : ended } : null,
        )
      }
    }
  return deaths
}
