/** Lines in which each tells of a death, and the names of who may say so. */
export interface Words {
  readonly killer: string
  readonly lines: readonly string[]
  /** The kill's killer in the report; `null`: its word alone is no kill. */
  readonly reported: string | null
  /** Names of programs that may write such lines; the first one is used as a tag, and as a container. */
  readonly own: readonly string[]
  /** It speaks of no shortage: from somebody else it is not worth a finding. */
  readonly ordinary?: boolean
  /** Whether the component may run in a container under its own name. */
  readonly contained: boolean
}

export const wordsOfKillers: readonly Words[] = [
  {
    killer: 'kernel',
    reported: 'kernel',
    own: ['kernel'],
    contained: false,
    lines: [
      'Memory cgroup out of memory: Killed process 4711 (indexer) total-vm:1204224kB, anon-rss:522240kB, file-rss:2048kB, shmem-rss:0kB, UID:1000 pgtables:1300kB oom_score_adj:980',
    ],
  },
  {
    killer: 'kubelet',
    reported: 'kubelet',
    own: ['kubelet'],
    contained: true,
    lines: [
      'I1124 07:04:09.000000    1248 eviction_manager.go:366] "Eviction manager: must evict pod(s) to reclaim" resourceName="memory"',
      'I1124 07:04:10.000000    1248 eviction_manager.go:595] "Eviction manager: pod is evicted successfully" pod="shop/indexer-0"',
    ],
  },
  {
    killer: 'systemd-oomd',
    reported: 'systemd-oomd',
    own: ['systemd-oomd'],
    contained: false,
    lines: [
      'Killed /user.slice/user-1000.slice/session-4.scope due to memory pressure for /user.slice being 86.80% > 50.00% for > 20s with reclaim activity',
    ],
  },
  {
    killer: 'earlyoom',
    reported: 'earlyoom',
    own: ['earlyoom'],
    contained: true,
    lines: ['sending SIGTERM to process 4711 uid 1000 "indexer": oom_score 1067, VmRSS 4352 MiB, cmdline "indexer --all"'],
  },
  {
    killer: 'nohang',
    reported: 'nohang',
    own: ['nohang'],
    contained: true,
    lines: [
      'Memory status that requires corrective actions:',
      '  MemAvailable [47 MiB, 0.4 %] <= soft_threshold_min_mem [590 MiB, 5.0 %]',
      '  Name:      indexer',
      '  PID:       4711',
      '  Sending SIGTERM to the victim',
      'OK; total response time: 73ms',
    ],
  },
  {
    killer: 'oomd',
    reported: 'oomd',
    own: ['oomd'],
    contained: true,
    lines: [
      'oomd kill: 10.00 60.00 600.00 system.slice/indexer.service 536870912 ruleset:[R] detectorgroup:[D] killer:kill_by_memory_size_or_growth v2',
    ],
  },
  {
    killer: 'lmkd',
    reported: 'lmkd',
    own: ['lmkd'],
    contained: false,
    lines: [
      "lowmemorykiller: Kill 'com.example.indexer' (4711), uid 10123, oom_score_adj 900 to free 4963256kB rss, 0kB swap; reason: min watermark is breached",
    ],
  },
  {
    killer: 'talos',
    reported: 'talos',
    own: ['talos'],
    contained: false,
    lines: ['[talos] Sending SIGKILL to cgroup {"component": "controller-runtime", "cgroup": "/sys/fs/cgroup/kubepods/besteffort/podx"}'],
  },
  {
    killer: 'slurm',
    reported: 'slurm',
    own: ['slurmstepd'],
    contained: false,
    lines: ['slurmstepd: error: Job 4711 exceeded memory limit (2097152 > 1048576), being killed'],
  },
  {
    killer: 'yarn',
    reported: 'yarn',
    own: ['nodemanager'],
    contained: true,
    lines: [
      'Container [pid=4711,containerID=container_e17_1600000000000_0001_01_000003] is running beyond physical memory limits. Current usage: 2.1 GB of 2 GB physical memory used; 3.5 GB of 4.2 GB virtual memory used. Killing container.',
    ],
  },
  {
    killer: 'systemd (of systemd-oomd)',
    reported: 'systemd-oomd',
    own: ['systemd'],
    contained: false,
    lines: ['indexer.service: systemd-oomd killed 19 process(es) in this unit.'],
  },
  {
    killer: 'containerd',
    reported: null,
    own: ['containerd'],
    contained: true,
    lines: [
      'time="2026-11-24T07:04:10.000000000Z" level=info msg="TaskOOM event container_id:\\"7bed964c242db9d4c0f091fd6a4278d4b7674e986df8d06b07a300fa15c0782a\\""',
    ],
  },
  {
    killer: 'docker',
    reported: null,
    own: ['dockerd'],
    ordinary: true,
    contained: true,
    lines: [
      'time="2026-11-24T07:04:10.000000000Z" level=info msg="Container failed to exit within 10s of signal 15 - using the force" container=7bed964c242db9d4c0f091fd6a4278d4b7674e986df8d06b07a300fa15c0782a',
    ],
  },
  {
    killer: 'conmon (of CRI-O)',
    reported: null,
    own: ['conmon'],
    contained: false,
    lines: ['conmon 7bed964c242db9d4c0f0 <ninfo>: OOM received'],
  },
  {
    killer: 'node-problem-detector',
    reported: 'kernel',
    own: ['node-problem-detector'],
    contained: true,
    lines: [
      'I1124 07:04:10.000000       1 log_monitor.go:160] New status generated: &{Source:kernel-monitor Events:[{Severity:warn Timestamp:2026-11-24 07:04:10 +0000 UTC Reason:OOMKilling Message:Killed process 4711 (indexer) total-vm:1204224kB, anon-rss:522240kB, file-rss:2048kB}] Conditions:[]}',
    ],
  },
]
