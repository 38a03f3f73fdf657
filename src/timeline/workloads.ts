import type { Workload } from '../model/incident.ts'

/** A process of which nothing more is known. */
export const processWorkload: Workload = {
  kind: 'process',
  namespace: null,
  pod: null,
  podUid: null,
  container: null,
  containerId: null,
  containerIds: [],
  owner: null,
  runtime: null,
  qosClass: null,
  unit: null,
}

export const unitWorkload = (unit: string): Workload => ({ ...processWorkload, kind: 'systemd-unit', unit })
