import { aksPeriscope, ecs, eks } from './cloud.ts'
import type { BundleLayout } from './define-layout.ts'
import { kdump, supportconfig } from './host-collectors.ts'
import { plain } from './host-tree.ts'
import { clusterInfoDump, kind, microk8s, talos, troubleshoot } from './kubernetes.ts'
import { mustGather } from './openshift.ts'
import { harvester, rancher } from './rancher.ts'
import { sos } from './sos.ts'

/**
 * Asked in this order where the same folder could be the top of several; the most telling markers first. GKE's and COS' node collectors
 * are sos reports. `plain` is what is left.
 */
export const layouts = [
  sos,
  mustGather,
  troubleshoot,
  eks,
  ecs,
  rancher,
  harvester,
  supportconfig,
  kind,
  talos,
  microk8s,
  aksPeriscope,
  clusterInfoDump,
  kdump,
  plain,
] as const satisfies readonly BundleLayout[]
