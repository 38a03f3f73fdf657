import type { Workload } from '../../model/incident.ts'
import { codeOf, join, type Rich, unknown, words } from './rich.ts'

/** `shop/api-7c9d4 · api` for a pod's container, else unit, container id, kind: what a reader would call it. */
export function workloadName(workload: Workload | null): Rich {
  if (workload === null) return unknown
  const { namespace, pod, container, containerId, podUid, unit, owner } = workload
  const id = containerId === null ? null : containerId.slice(0, 12)
  const name = pod === null ? null : namespace === null ? pod : `${namespace}/${pod}`
  if (name !== null) return container === null ? codeOf(name) : join(codeOf(name), ' · ', codeOf(container))
  if (owner !== null) return codeOf(namespace === null ? owner : `${namespace}/${owner}`)
  if (container !== null) return join('container ', codeOf(container))
  if (podUid !== null) return join('pod with UID ', codeOf(podUid), ...(id === null ? [] : [', container ', codeOf(id)]))
  if (unit !== null) return codeOf(unit)
  if (id !== null) return join('container ', codeOf(id))
  return words(kindWords[workload.kind])
}

const kindWords: Record<Workload['kind'], string> = {
  pod: 'a pod',
  'systemd-unit': 'a systemd unit',
  container: 'a container',
  'slurm-job': 'a Slurm job',
  'user-session': 'a user’s session',
  process: 'a process',
}

/** What else is known of it: owner, QoS class, runtime, ids. */
export function workloadFacts(workload: Workload | null): readonly { readonly label: string; readonly value: Rich }[] {
  if (workload === null) return []
  const facts: { label: string; value: Rich }[] = []
  const add = (label: string, text: string | null): void => {
    if (text !== null) facts.push({ label, value: codeOf(text) })
  }
  add('Owner', workload.owner)
  add('QoS class', workload.qosClass)
  add('Runtime', workload.runtime)
  add('Pod UID', workload.podUid)
  add('Container id', workload.containerId)
  add('Unit', workload.unit)
  return facts
}
