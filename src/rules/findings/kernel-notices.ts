import type { KernelNotice } from '../../model/event.ts'
import type { Finding } from '../../model/finding.ts'
import type { PlacedEvent } from '../../model/incident.ts'
import { code, count, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule } from './scene.ts'

/** Kernel lines that a reader may take for an OOM kill and that are none (kernel-oom-formats §9). */
const MEANINGS: Readonly<Partial<Record<KernelNotice['notice'], string>>> = {
  'page-allocation-failure': 'an allocation failed and its caller coped or gave up; nothing was killed',
  'page-allocation-stall': 'an allocation waited for memory for seconds; nothing was killed',
  'slub-failure': 'a slab cache could not grow, often because a cgroup’s kernel memory limit was reached; nothing was killed',
  'pagefault-oom': 'a page fault got no memory and is retried; that is no kill',
  'vmalloc-failure': 'the kernel found no room for a large mapping of its own; nothing was killed',
  'fork-rejected': 'a pids limit refused a new process; that is not memory',
  'memory-failure': 'a process was killed because its memory is broken hardware, not because memory was short',
  'gpu-purge': 'the graphics driver gave memory back under pressure',
  balloon: 'the hypervisor wants more memory back than the guest can give',
  hugetlb: 'fewer huge pages than asked for could be set aside',
}

export const kernelNotices: FindingRule = (scene) => {
  const groups = new Map<string, PlacedEvent<KernelNotice>[]>()
  for (const placed of scene.of('kernel-notice')) {
    if (MEANINGS[placed.event.notice] === undefined) continue
    const key = `${placed.event.notice}\0${placed.host ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), placed])
  }
  return [...groups.values()].flatMap((group): readonly Finding[] => {
    const [first] = group
    if (first === undefined) return []
    const comms = [...new Set(group.flatMap(({ event }) => (event.comm === null ? [] : [event.comm])))]
    const [name] = comms
    const who = name === undefined ? say`` : comms.length === 1 ? say` (${code(name)})` : say` (${code(name)} and others)`
    return [
      {
        id: first.event.notice,
        statement: say`${count(group.length)} kernel ${group.length === 1 ? say`message` : say`messages`} of the kind “${first.event.notice.replaceAll('-', ' ')}”${who}: ${MEANINGS[first.event.notice] ?? ''}.`,
        workload: null,
        evidence: evidence(group.slice(0, 3).map(({ event }) => event.quotes[0] ?? null)),
      },
    ]
  })
}
