import { type BundleLayout, rules } from './define-layout.ts'

/** Rancher's collector for RKE, RKE2 and k3s: one host; the journals have no ending. */
export const rancher: BundleLayout = {
  id: 'rancher',
  title: 'Rancher v2.x Linux log collector (RKE, RKE2, k3s)',
  single: true,
  markers: [
    ['systeminfo', 'systemlogs'],
    ['systeminfo', 'journald'],
  ],
  rules: rules({
    'systeminfo/dmesg': 'kernel',
    'systemlogs/{kern,dmesg}*': 'kernel',
    'systemlogs/{messages,syslog}*': 'syslog',
    'journald/{rke2-server,rke2-agent,k3s,k3s-agent,kubelet}': 'kubelet',
    'journald/{containerd,docker}': 'runtime',
    'journald/*': 'journal',
    '*/agent-logs/kubelet*': 'kubelet',
    '*/agent-logs/containerd*': 'runtime',
    '*/containerlogs/kubelet*': 'kubelet',
    '*/kubectl/{nodes,nodes.json,nodesdescribe}': 'nodes',
    '*/kubectl/pods': 'pods',
    '*/kubectl/poddescribe/*': 'pods',
    '*/kubectl/events': 'events',
    '*/podlogs/**/*': 'container-log',
    'systeminfo/uptime': 'uptime',
    'systeminfo/date': 'date',
    'systeminfo/hostname': 'hostname',
    'systeminfo/ps': 'ps',
    'systeminfo/sysctla': 'sysctl',
  }),
}

/** Harvester and Longhorn (support-bundle-kit): a zip of zips, one a node; `kernel.log.1` is the boot before, not a rotation. */
export const harvester: BundleLayout = {
  id: 'harvester',
  title: 'Harvester or Longhorn support bundle',
  markers: [
    ['metadata.yaml', 'yamls'],
    ['yamls/cluster', 'nodes'],
    ['logs/kernel.log', 'configs'],
  ],
  rules: rules({
    'nodes/<host>.zip': null,
    'nodes/<host>/**/*': null,
    'logs/kernel.log*': 'kernel',
    'logs/{kubelet,rke2-server,rke2-agent}.log*': 'kubelet',
    'logs/containerd.log*': 'runtime',
    'yamls/cluster/kubernetes/nodes.yaml': 'nodes',
    'yamls/namespaced/*/kubernetes/pods.yaml': 'pods',
    'yamls/namespaced/*/kubernetes/events.yaml': 'events',
    'logs/<namespace>/<pod>/<container>.log*': 'container-log',
  }),
}
