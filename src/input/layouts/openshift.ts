import { type BundleLayout, rules } from './define-layout.ts'

/** `oc adm must-gather` and `oc adm inspect`: the same tree once per image, worker kubelet logs by the performance gather. */
export const mustGather: BundleLayout = {
  id: 'must-gather',
  title: 'OpenShift must-gather, oc adm inspect',
  markers: [['cluster-scoped-resources', 'namespaces'], ['namespaces', 'event-filter.html'], ['host_service_logs']],
  rules: rules({
    'nodes/<host>/<host>_logs_kubelet*': 'kubelet',
    'nodes/<host>/dmesg*': 'kernel',
    'nodes/<host>/**/*': null,
    'host_service_logs/windows/<host>/**/*': 'kubelet',
    'host_service_logs/{masters,workers}/kubelet_service.log*': 'kubelet',
    'host_service_logs/{masters,workers}/{crio,containerd}_service.log*': 'runtime',
    'host_service_logs/**/*': 'journal',
    'node_core_dumps/<host>_core_dump/**/*': null,
    'audit_logs/*/<host>-audit{,-*}.log*': null,
    'cluster-scoped-resources/core/nodes{.yaml,.json}': 'nodes',
    'cluster-scoped-resources/core/nodes/<host>.{yaml,json}': 'nodes',
    'namespaces/*/core/pods.{yaml,json}': 'pods',
    'namespaces/*/pods/*/*.yaml': 'pods',
    'namespaces/*/core/events.{yaml,json}': 'events',
    'namespaces/<namespace>/pods/<pod>/<container>/**/logs/**/*': 'container-log',
    timestamp: 'date',
  }),
}
