import { type BundleLayout, rules } from './define-layout.ts'

/** Replicated's `kubectl support-bundle` and its kin (D2iQ). Collectors run through pods put the node's name first. */
export const troubleshoot: BundleLayout = {
  id: 'troubleshoot',
  title: 'troubleshoot.sh support bundle',
  markers: [
    ['cluster-resources', 'cluster-info'],
    ['cluster-resources', 'version.yaml'],
    ['cluster-resources', 'host-collectors'],
    ['host-collectors', 'version.yaml'],
  ],
  notHosts: [
    'system',
    'run-host',
    'journald',
    'errors',
    'copy',
    'kernel-configs',
    'kernel-modules',
    'http',
    'network',
    'cgroups',
    'diskUsage',
  ],
  rules: rules({
    'host-collectors/{system,run-host,journald,errors,copy,kernel-configs}/**/*{kernel,dmesg}*': 'kernel',
    'host-collectors/journald/*': 'journal',
    'host-collectors/system/memory.json': 'meminfo',
    'host-collectors/system/time.json': 'date',
    'host-collectors/<host>/**/*{kernel,dmesg}*': 'kernel',
    'host-collectors/<host>/**/*kubelet*': 'kubelet',
    'host-collectors/<host>/journald/*': 'journal',
    'host-collectors/<host>/system/memory.json': 'meminfo',
    'host-collectors/<host>/system/time.json': 'date',
    'host-collectors/<host>/**/*': null,
    'copy-from-host-*/<host>/**/*': null,
    'node-metrics/<host>.json': 'nodes',
    'cluster-resources/nodes.json': 'nodes',
    'cluster-resources/pods/logs/<namespace>/<pod>/<container>-previous.log': 'container-log',
    'cluster-resources/pods/logs/<namespace>/<pod>/<container>.log': 'container-log',
    'cluster-resources/pods/*.json': 'pods',
    'cluster-resources/events/*.json': 'events',
  }),
}

export const clusterInfoDump: BundleLayout = {
  id: 'cluster-info-dump',
  title: 'kubectl cluster-info dump --output-directory',
  markers: [
    ['nodes.json', '*/pods.json'],
    ['nodes.yaml', '*/pods.yaml'],
  ],
  rules: rules({
    'nodes.{json,yaml}': 'nodes',
    '*/pods.{json,yaml}': 'pods',
    '*/events.{json,yaml}': 'events',
    '<namespace>/<pod>/logs.txt': 'container-log',
  }),
}

/** `kind export logs`: a folder a node, which is a container of its own. */
export const kind: BundleLayout = {
  id: 'kind',
  title: 'kind export logs',
  markers: [
    ['kind-version.txt', '*/kubelet.log'],
    ['docker-info.txt', '*/kubelet.log'],
    ['podman-info.txt', '*/kubelet.log'],
  ],
  rules: rules({
    '<host>/kubelet.log': 'kubelet',
    '<host>/{containerd,docker}.log': 'runtime',
    '<host>/journal.log': 'journal',
    '<host>/**/*': null,
  }),
}

/** `talosctl support`: a folder a node, one log a service. */
export const talos: BundleLayout = {
  id: 'talos',
  title: 'talosctl support',
  markers: [
    ['cluster', '*/dmesg.log'],
    ['kubernetesResources', '*/dmesg.log'],
    ['*/dmesg.log', '*/kubelet.log', '*/machined.log'],
  ],
  notHosts: ['cluster', 'kubernetesResources', 'summary'],
  rules: rules({
    'cluster/kubernetesResources/nodes*': 'nodes',
    'cluster/kubernetesResources/**/*pods*': 'pods',
    '<host>/dmesg.log': 'kernel',
    '<host>/kubelet.log': 'kubelet',
    '<host>/{cri,containerd}.log': 'runtime',
    '<host>/**/*': null,
  }),
}

/** One text with sections; `minikube logs --file` and the audit folder beside it. */
export const microk8s: BundleLayout = {
  id: 'microk8s',
  title: 'microk8s inspect',
  single: true,
  markers: [['snap.microk8s.daemon-kubelite'], ['snap.microk8s.daemon-kubelet'], ['inspection-report', 'k8s']],
  rules: rules({
    '{snap.microk8s.daemon-kubelite,snap.microk8s.daemon-kubelet}/journal.log': 'kubelet',
    'snap.microk8s.daemon-containerd/journal.log': 'runtime',
    'k8s/cluster-info-dump*': 'pods',
    'sys/uptime': 'uptime',
    'sys/ps': 'ps',
  }),
}
