import type { Event } from '../model/event.ts'
import type { UserspaceKiller } from '../model/ids.ts'

/** Whose words a line may be: a name of the killer or component, as findings print it. */
export type Speaker =
  | 'kernel'
  | 'kubelet'
  | 'kubernetes'
  | 'containerd'
  | 'cri-o'
  | 'docker'
  | 'conmon'
  | 'systemd'
  | UserspaceKiller
  | 'node-problem-detector'

/**
 * Names (syslog tag, journal identifier, unit, container) under which each speaks. Other names are other programs: an application that logs
 * "Killed" is not earlyoom. Kubernetes' own, k3s, RKE2, k0s, MicroK8s (`kubelite`), OpenShift (`kubenswrapper`, `origin-node`) carry several in one.
 */
export const speakerNames: Readonly<Record<Speaker, RegExp>> = {
  kernel: /^(?:kernel|klogd|kmsg|dmesg|vmunix)$/,
  kubelet: /kubelet|kubelite|kubenswrapper|hyperkube|^k3s|^rke2|^k0s|openshift-node|origin-node/i,
  kubernetes: /kube|^k3s|^rke2|^k0s|hyperkube|openshift|origin|controller|scheduler|event-?(?:router|exporter|er$)/i,
  containerd: /containerd|^k3s|^rke2|^k0s|docker|^cri$/i,
  'cri-o': /crio|cri-o/i,
  docker: /docker|moby|podman|^dind$/i,
  conmon: /conmon|podman|crio/,
  /** Manager and user managers, upstart; `with-unit` output shows pid 1 by its scope. */
  systemd: /^(?:\(?systemd\)?|init(?:\.scope)?|user@\d+\.service)$/,
  'systemd-oomd': /^systemd-oomd/,
  earlyoom: /^earlyoom/,
  nohang: /^nohang/,
  /** Facebook's writes to /dev/kmsg: journalctl shows `unknown`, a console `kernel`. */
  oomd: /^(?:oomd2?|kernel|unknown)\b/,
  lmkd: /^(?:lowmemorykiller|lmkd|kernel|unknown|logcat|logd)\b/,
  /** machined writes to /dev/kmsg. */
  talos: /talos|machined|controller-runtime|^(?:kernel|unknown)$/,
  slurm: /slurm|^(?:srun|sbatch|salloc)$/,
  yarn: /yarn|hadoop|node-?manager|resource-?manager|spark|driver|executor|livy|oozie|hive|tez|flink|java/i,
  'node-problem-detector': /node-problem|^npd/,
}

/**
 * Containers that print what they read of their node: the kernel's log, node logs. `node-debugger` is what `kubectl debug node/…` makes. Names of
 * the tools themselves, as charts and vendors give them.
 */
const shippers =
  /(?:^|[-_./])(?:node-problem-detector|npd|node-debugger|fluent-?bit|fluentd?|td-agent|promtail|alloy|grafana-agent|agent-flow|vector|filebeat|journalbeat|elastic-agent|logstash|datadog(?:-agent)?|splunk-(?:connect|otel|kubernetes-logging|uf)|otel-(?:collector|agent)|opentelemetry-collector|otelcol|cloudwatch-agent|aws-for-fluent-bit|rsyslogd?|syslog-ng|log-?(?:agent|collector|shipper|router|forwarder|pilot|tail)|logging-(?:agent|operator)|kmsg|dmesg|kernel-logs?|node-logs?|journald?|systemd-logs?)(?:$|[-_./\d])/i

/** Whether the container that a record's wrapping names is one that ships the logs of its node. */
export const shipsNodeLogs = (names: string): boolean => shippers.test(names)

/**
 * The virtual machine whose serial console a container prints: KubeVirt puts `guest-console-log` into the machine's pod, `virt-launcher-<machine>-<5 characters>`. The
 * kernel that speaks there is another machine's than the node's.
 */
export const guestOf = (names: string): string | null =>
  /(?:^|\/)virt-launcher-(?<machine>[^/]+)-[a-z0-9]{5}\/guest-console-log$/.exec(names)?.groups?.['machine'] ?? null

/** Source files of the kubelet whose klog lines are of interest or are typical of its start: they name the writer where nothing else does. */
export const kubeletFiles =
  /(?:^|\/)(?:eviction_manager|memory_threshold_notifier|threshold_notifier\w*|helpers|oom_watcher\w*|kubelet\w*|kuberuntime_\w+|pod_workers|generic|prober|worker|setters|predicate|preemption|event|manager|pod_container_deletor)\.go/

/** Files that only a kubelet logs from: one that prints from several of them is one. */
export const kubeletOnlyFiles =
  /(?:^|\/)(?:eviction_manager|oom_watcher\w*|kubelet(?:_\w+)?|kuberuntime_\w+|pod_workers|pod_container_deletor|container_manager_linux|topology_manager|dynamic_cafile_content|cpu_manager|memory_manager|policy_none|state_mem|reconciler\w*|operation_generator|desired_state_of_world_populator|csi_plugin|plugin_watcher|plugin_manager|volume_manager|status_manager|swap_util|util_unix|factory|provider|scope_container|certificate_store|shared_informer|server)\.go/

/** Who would have said what an event was read from; `null`: anybody may (a runtime in its own container, a lost line). */
export function speakerOf(event: Event): Speaker | null {
  switch (event.kind) {
    case 'kernel-oom':
    case 'kernel-notice':
    case 'boot':
      return 'kernel'
    case 'eviction':
      return 'kubelet'
    case 'node':
      return event.what === 'npd-oom-killing' ? 'node-problem-detector' : 'kubelet'
    case 'container':
      return containerSpeakers[event.by]
    case 'unit':
      return 'systemd'
    case 'userspace-kill':
      return event.killer
    case 'object-event':
      return 'kubernetes'
    case 'runtime':
    case 'change':
    case 'loss':
    case 'foreign-words':
      return null
  }
}

const containerSpeakers: Readonly<Record<Extract<Event, { kind: 'container' }>['by'], Speaker | null>> = {
  kubelet: 'kubelet',
  containerd: 'containerd',
  'cri-o': 'cri-o',
  docker: 'docker',
  podman: 'docker',
  conmon: 'conmon',
  runc: 'kubelet',
  systemd: 'systemd',
  other: null,
}
