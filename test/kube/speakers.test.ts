import { describe, expect, it } from 'vitest'
import { guestOf, kubeletFiles, kubeletOnlyFiles, type Speaker, shipsNodeLogs, speakerNames, speakerOf } from '../../src/kube/speakers.ts'
import type { Event } from '../../src/model/event.ts'

describe('speakerNames', () => {
  it.each<[Speaker, readonly string[], readonly string[]]>([
    ['kernel', ['kernel', 'klogd', 'kmsg', 'dmesg', 'vmunix'], ['mykernel', 'kernel2', 'app', '']],
    [
      'kubelet',
      [
        'kubelet',
        'kubelet.service',
        'k3s',
        'k3s-agent',
        'rke2-server',
        'k0s',
        'kubelite',
        'snap.microk8s.daemon-kubelite',
        'hyperkube',
      ].concat(['kubenswrapper', 'origin-node', 'openshift-node', 'Kubelet']),
      ['web', 'my-k3s', 'kube-proxy', 'xrke2'],
    ],
    [
      'kubernetes',
      [
        'kube-apiserver',
        'kube-controller-manager',
        'k3s',
        'rke2',
        'k0s',
        'hyperkube',
        'openshift',
        'origin',
        'controller',
        'my-scheduler',
      ].concat(['eventrouter', 'event-exporter', 'kubernetes-events', 'eventer']),
      ['web', 'my-k3s', 'eventers', 'events'],
    ],
    ['containerd', ['containerd', 'containerd.service', 'k3s', 'rke2', 'k0s', 'dockerd', 'cri'], ['crio', 'cri-o', 'web']],
    ['cri-o', ['crio', 'crio.service', 'cri-o'], ['cri', 'containerd']],
    ['docker', ['dockerd', 'docker.service', 'moby', 'podman', 'dind'], ['dind2', 'containerd']],
    ['conmon', ['conmon', 'podman', 'crio'], ['docker', 'Conmon']],
    [
      'systemd',
      ['systemd', '(systemd)', 'init', 'init.scope', 'user@1000.service'],
      ['systemd-oomd', 'initrd', 'user@x.service', 'my-systemd'],
    ],
    ['systemd-oomd', ['systemd-oomd', 'systemd-oomd.service'], ['systemd', 'x-systemd-oomd']],
    ['earlyoom', ['earlyoom', 'earlyoom.service'], ['my-earlyoom', 'early']],
    ['nohang', ['nohang', 'nohang-desktop.service'], ['no-nohang', 'nohan']],
    ['oomd', ['oomd', 'oomd2', 'oomd.service', 'kernel', 'unknown'], ['systemd-oomd', 'oomd3', 'kernels']],
    ['lmkd', ['lmkd', 'lowmemorykiller', 'kernel', 'unknown', 'logcat', 'logd'], ['lmkd2', 'app']],
    ['talos', ['talos', 'machined', 'controller-runtime', 'kernel', 'unknown'], ['kernels', 'app']],
    ['slurm', ['slurmd', 'slurmstepd', 'srun', 'sbatch', 'salloc'], ['sruns', 'my-srun', 'web']],
    [
      'yarn',
      [
        'yarn',
        'hadoop',
        'nodemanager',
        'node-manager',
        'resourcemanager',
        'resource-manager',
        'spark',
        'driver',
        'executor',
        'livy',
      ].concat(['oozie', 'hive', 'tez', 'flink', 'java', 'NodeManager']),
      ['web', 'manager'],
    ],
    ['node-problem-detector', ['node-problem-detector', 'npd', 'npd-v0.8'], ['problem', 'my-npd']],
  ])('%s', (speaker, names, others) => {
    expect(names.filter((name) => !speakerNames[speaker].test(name))).toEqual([])
    expect(others.filter((name) => speakerNames[speaker].test(name))).toEqual([])
  })
})

it('a shipper of node logs is named as such', () => {
  const shippers = [
    ...[
      'kube-system/npd-x7/node-problem-detector',
      'node-debugger',
      'fluent-bit',
      'fluentbit',
      'fluentd',
      'fluent',
      'td-agent',
      'promtail',
    ],
    ...['alloy', 'grafana-agent', 'agent-flow', 'vector', 'vector2', 'filebeat', 'journalbeat', 'elastic-agent', 'logstash', 'datadog'],
    ...['datadog-agent', 'splunk-connect', 'splunk-otel', 'splunk-kubernetes-logging', 'splunk-uf', 'otel-collector', 'otel-agent'],
    ...['opentelemetry-collector', 'otelcol', 'cloudwatch-agent', 'aws-for-fluent-bit', 'rsyslog', 'rsyslogd', 'syslog-ng', 'log-agent'],
    ...[
      'logcollector',
      'log-shipper',
      'log-router',
      'log-forwarder',
      'log-pilot',
      'log-tail',
      'logtail',
      'logging-agent',
      'logging-operator',
    ],
    ...[
      'kmsg',
      'dmesg',
      'kernel-log',
      'kernel-logs',
      'node-log',
      'node-logs',
      'journal',
      'journald',
      'systemd-log',
      'systemd-logs',
      'Vector',
    ],
    ...['my-vector-0', 'ns/pod/vector', 'x_vector_y', 'x.vector.y'],
  ]
  const others = ['web', 'vectors', 'myvector', 'log-viewer', 'splunk', 'kernel', 'node', 'shop/cart-0/app', '', 'confluent', 'datadogs']
  expect(shippers.filter((names) => !shipsNodeLogs(names))).toEqual([])
  expect(others.filter(shipsNodeLogs)).toEqual([])
})

it.each([
  ['vms/virt-launcher-web-1-x2x7k/guest-console-log', 'web-1'],
  ['virt-launcher-db-abcde/guest-console-log', 'db'],
  ['vms/virt-launcher-web-x2x7k/compute', null],
  ['vms/virt-launcher-web-x2x7/guest-console-log', null],
  ['vms/virt-launcher-web-x2x7kk/guest-console-logs', null],
  ['vms/my-virt-launcher-web-x2x7k/guest-console-log', null],
  ['vms/virt-launcher-x2x7k/guest-console-log', null],
  ['', null],
])('the machine of %s', (names, machine) => {
  expect(guestOf(names)).toBe(machine)
})

it('files of the kubelet are known by their whole name', () => {
  const both = [
    'eviction_manager.go',
    'oom_watcher_linux.go',
    'kubelet.go',
    'kubelet_node_status.go',
    'kuberuntime_container.go',
    'pod_workers.go',
  ]
  const typical = [...both, 'helpers.go', 'prober.go', 'kubelet/threshold_notifier_linux.go', 'memory_threshold_notifier.go', 'setters.go']
  const only = [...both, 'swap_util.go', 'cpu_manager.go', 'pkg/reconciler_common.go', 'factory.go', 'server.go']
  const neither = ['main.go', 'my_prober.gox', 'eviction_manager.rs', 'xkubelet.go', 'scheduler.go', 'httplog.go']
  expect(typical.filter((name) => !kubeletFiles.test(name))).toEqual([])
  expect(only.filter((name) => !kubeletOnlyFiles.test(name))).toEqual([])
  expect(['helpers.go', 'prober.go', 'setters.go', ...neither].filter((name) => kubeletOnlyFiles.test(name))).toEqual([])
  expect(neither.filter((name) => kubeletFiles.test(name))).toEqual([])
})

describe('speakerOf', () => {
  it.each<[Partial<Event>, Speaker | null]>([
    [{ kind: 'kernel-oom' }, 'kernel'],
    [{ kind: 'kernel-notice' }, 'kernel'],
    [{ kind: 'boot' }, 'kernel'],
    [{ kind: 'eviction' }, 'kubelet'],
    [{ kind: 'node', what: 'npd-oom-killing' }, 'node-problem-detector'],
    [{ kind: 'node', what: 'system-oom' }, 'kubelet'],
    [{ kind: 'unit' }, 'systemd'],
    [{ kind: 'userspace-kill', killer: 'earlyoom' }, 'earlyoom'],
    [{ kind: 'userspace-kill', killer: 'slurm' }, 'slurm'],
    [{ kind: 'object-event' }, 'kubernetes'],
    [{ kind: 'runtime' }, null],
    [{ kind: 'change' }, null],
    [{ kind: 'loss' }, null],
    [{ kind: 'foreign-words' }, null],
    [{ kind: 'container', by: 'kubelet' }, 'kubelet'],
    [{ kind: 'container', by: 'containerd' }, 'containerd'],
    [{ kind: 'container', by: 'cri-o' }, 'cri-o'],
    [{ kind: 'container', by: 'docker' }, 'docker'],
    [{ kind: 'container', by: 'podman' }, 'docker'],
    [{ kind: 'container', by: 'conmon' }, 'conmon'],
    // the kubelet repeats what runc says
    [{ kind: 'container', by: 'runc' }, 'kubelet'],
    [{ kind: 'container', by: 'systemd' }, 'systemd'],
    [{ kind: 'container', by: 'other' }, null],
  ])('%j', (event, speaker) => {
    expect(speakerOf(event as Event)).toBe(speaker)
  })
})
