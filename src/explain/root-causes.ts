import type { RootCauseId } from '../model/diagnosis.ts'
import { type Term, term } from './define-term.ts'

/** The likely root cause. `long` tells what speaks for it, what against, and what to do. */
export const rootCauses: Readonly<Record<RootCauseId, Term>> = {
  'limit-too-low': term(
    'the limit is too low',
    'The workload needs steadily more than its limit allows.',
    'For it: kills after load, not after uptime, at similar sizes. Against it: steady growth. Size limit and request by the high percentile of real use plus 20–30 %.',
  ),
  'memory-leak': term(
    'a memory leak',
    'Memory grows with uptime until the limit, whatever the limit is.',
    'For it: regular intervals between kills under constant load. Take a heap profile; a higher limit only lengthens the interval.',
  ),
  'startup-peak': term(
    'a peak at start-up',
    'The workload needs more while it starts than while it runs.',
    'For it: the kill came seconds or minutes after the start. Load less at once, or size the limit for the peak.',
  ),
  'runtime-heap-fills-limit': term(
    'the runtime’s heap fills the limit',
    'The heap is sized so near to the limit that stacks, code, buffers and metadata have no room.',
    'JVM: MaxRAMPercentage 60–75. Node.js: --max-old-space-size near 75 % of the limit. Go: GOMEMLIMIT near 90 %.',
  ),
  'runtime-heap-too-small': term(
    'the runtime’s heap is too small',
    'The runtime’s own heap limit was reached while the container had room.',
    'Raise heap and limit together, or find what fills the heap from a heap dump.',
  ),
  'runtime-unaware-of-cgroup': term(
    'the runtime does not see its limit',
    'An older runtime sizes its heap by the machine’s memory instead of the container’s limit.',
    'cgroup v2 needs JDK 8u372, 11.0.16 or 15 and later. Update the runtime or set its heap explicitly.',
  ),
  'too-many-workers': term(
    'too many workers',
    'The number of worker processes times their size exceeds the limit.',
    'Fewer workers, recycling after a number of requests, or a limit that fits the number.',
  ),
  'group-kill-by-default': term(
    'group kill by default',
    'Since Kubernetes 1.28 on cgroup v2 one kill ends the whole container.',
    'What used to cost one worker now costs the container. singleProcessOOMKill (1.32 and later) restores the former behaviour.',
  ),
  'memory-backed-volume': term(
    'a memory-backed volume',
    'Files in a memory-backed volume or /dev/shm count against the limit.',
    'Set sizeLimit, count it in the limit, or put the files on disk.',
  ),
  'page-cache-pressure': term(
    'page cache pressure',
    'File pages could not be written back or given back as fast as they came.',
    'For it: much dirty or writeback memory, slow storage. Throttle writers; set memory.high.',
  ),
  'kernel-memory-growth': term(
    'growth of kernel memory',
    'The workload makes the kernel hold memory for it: sockets, inodes, threads, pipes.',
    'Count file descriptors, threads, connections and mounts of the workload.',
  ),
  'kernel-memory-bug': term(
    'a bug of the kernel’s accounting',
    'Old kernels leak kernel memory charged to cgroups (v1 kmem on 3.10).',
    'Update the kernel, or boot with cgroup.memory=nokmem.',
  ),
  'node-overcommitted': term(
    'the node is overcommitted',
    'The pods may use more than the node has, and did.',
    'For it: limits above 100 % of allocatable. Bring requests near to real use; set default limits.',
  ),
  'reservations-too-small': term(
    'reservations are too small',
    'System and kubelet need more than kube-reserved and system-reserved set aside.',
    'Raise the reservations, trim agents and daemons.',
  ),
  'eviction-too-late': term(
    'eviction came too late',
    'Memory ran out faster than the kubelet measures and evicts.',
    'The kubelet looks every 10 s. Raise the threshold; set a soft one.',
  ),
  'unbounded-workload': term(
    'a workload without limit',
    'A workload without a memory limit took what there was.',
    'Set a limit; a LimitRange gives defaults to all.',
  ),
  'noisy-sidecar': term(
    'a neighbour in the pod',
    'Another container of the same pod used the memory.',
    'Give each container a limit of its own.',
  ),
  'shielded-giant': term(
    'a shielded giant',
    'The largest process is shielded by oom_score_adj; smaller ones die for it.',
    'Limit the large one, or correct the adjustment. The victim is not the cause.',
  ),
  'host-process-growth': term(
    'a process of the host grew',
    'A daemon outside of all pods grew.',
    'Give its unit a MemoryMax=, update or restart the agent.',
  ),
  'fork-copy-on-write': term(
    'fork and copy-on-write',
    'A fork of a large process doubled its memory as pages were written.',
    'Redis saves and large heaps that fork: leave headroom of twice the size, or fork on a replica.',
  ),
  'overcommit-refusal': term(
    'refusal by the overcommit rule',
    'The kernel’s overcommit rule or a ulimit refused memory.',
    'See vm.overcommit_memory, CommitLimit, Committed_AS and ulimit -v.',
  ),
  'hugepage-reservation': term(
    'huge page reservation',
    'Memory set aside for huge pages was missing for everything else.',
    'Compare HugePages_Total with HugePages_Free; lower vm.nr_hugepages.',
  ),
  fragmentation: term(
    'fragmentation',
    'Free memory lay in pieces too small for the request.',
    'Find who asks for high orders (driver, network), raise vm.min_free_kbytes, update the kernel.',
  ),
  'zone-or-numa-exhaustion': term(
    'one zone or NUMA node is exhausted',
    'The request could use one zone or node only, and that one was empty.',
    'Interleave, relax cpuset or memory policy, check low-memory zones.',
  ),
  'unaccounted-memory': term(
    'memory in no counter',
    'A balloon, driver or module holds memory that no counter shows.',
    'Ask the hypervisor for ballooning; check GPU and storage drivers, ZFS ARC.',
  ),
  'swap-exhausted': term(
    'swap is used up',
    'Swap was full or absent, so nothing could move out.',
    'Often after a long time of thrashing. Add swap or zram, or evict earlier.',
  ),
  'memory-high-throttling': term(
    'throttling at memory.high',
    'The workload was slowed down at memory.high, not killed.',
    'The high counter of memory.events rises while oom stays 0.',
  ),
  'runaway-parallelism': term(
    'runaway parallelism',
    'Far too many processes of one kind ran at once.',
    'Cap the concurrency (make -j, workers); set a pids limit.',
  ),
  'userspace-killer': term(
    'a userspace killer',
    'systemd-oomd, earlyoom or another program killed by its own rule.',
    'See and tune its threshold; the kernel was not asked.',
  ),
  'not-oom': term(
    'not an out-of-memory kill',
    'It looks like one (exit code 137), but another cause sent SIGKILL.',
    'A failed liveness probe, an expired grace period, preemption, a manual kill.',
  ),
  'limit-lowered-in-place': term(
    'the limit was lowered in place',
    'The limit was set below what was in use.',
    'An in-place resize, or a write to memory.max, triggered the kill at once.',
  ),
  'crash-amplification': term(
    'crash amplification',
    'Restarts and retries after the first kill caused the next ones.',
    'Look for the first kill; add jitter and slow start.',
  ),
  'debug-process': term(
    'a debugging process',
    'A shell, dump or copy inside the container took the memory.',
    'Exec sessions count against the container’s limit.',
  ),
  'manual-trigger': term('a manual trigger', 'The OOM killer was run by hand (SysRq-f).', 'Find who wrote to /proc/sysrq-trigger.'),
  'process-outgrew-limit': term(
    'a process outgrew its memory',
    'One process used all of the limit, or of the machine; whether that is too small, the process leaks or it was a peak, one kill cannot tell.',
    'The honest answer to a single dump. Usage over time settles it.',
  ),
  unknown: term('not in the log', 'The evidence does not tell the root cause.', 'See what is missing.'),
}
