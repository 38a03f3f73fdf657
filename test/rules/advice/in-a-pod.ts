import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Workload } from '../../../src/model/incident.ts'
import { factsWith } from '../facts-with.ts'
import { inPod, memcgDump, podWorkload } from '../make-incident.ts'

export const inside = (workload: Partial<Workload>, more: Partial<IncidentFacts> = {}) =>
  factsWith(inPod(memcgDump(), {}, { workload: { ...podWorkload, ...workload } }), { curves: [], ...more })
export const OTHER = 'b2'.repeat(32)
/** The limit is that of another container, inside which the victim's runs. */
export const outer = {
  limitCgroup: { level: 'container', containerId: OTHER, path: '/docker/b2', runtime: 'docker', podUid: null, unit: null } as never,
}
