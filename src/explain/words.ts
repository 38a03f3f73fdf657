import { type Term, term } from './define-term.ts'

/** Fields, flags and words of the report and of the kernel's lines, by the name under which a reader meets them. */
export const words: Readonly<Record<string, Term>> = {
  badness: term(
    'badness',
    'The number by which the kernel chooses its victim: the highest dies.',
    'Resident memory + swap + page tables of the process, in pages, plus oom_score_adj thousandths of the total. Recomputed here from the task table by the rule of the kernel’s era.',
  ),
  rank: term(
    'rank',
    'Place of a process in the order of badness; 1 is the kernel’s first choice.',
    'When the victim is not rank 1, something else decided: a group kill, the allocating task, a child killed instead of its parent, or figures taken at different moments.',
  ),
  oom_score_adj: term(
    'oom_score_adj',
    'An adjustment from −1000 (never kill) to 1000 (kill first), in thousandths of the total.',
    'In /proc/PID/oom_score_adj, inherited by children. The kubelet sets −997 for Guaranteed, 1000 for BestEffort, and 1000 − 1000 × request / capacity between 2 and 999 for Burstable pods.',
  ),
  oom_adj: term('oom_adj', 'The adjustment of kernels before 2.6.36, from −17 (never) to 15.', 'It shifted the badness by powers of two.'),
  memcg: term(
    'memcg',
    'A memory cgroup: a group of processes whose memory is counted and limited together.',
    'Every container, pod and systemd unit is one. oom_memcg is the one whose limit was hit, task_memcg the one in which the victim lived; the first may be an ancestor of the second.',
  ),
  oom_memcg: term(
    'oom_memcg',
    'The memory cgroup whose limit was hit.',
    'Printed in the oom-kill: line when a cgroup’s limit was the reason (constraint memcg).',
  ),
  task_memcg: term(
    'task_memcg',
    'The memory cgroup in which the victim lived.',
    'Printed in the oom-kill: line. It names the container even when the node as a whole ran out.',
  ),
  trigger: term(
    'trigger',
    'The task that asked for memory when none was left: it invoked the killer, and is not the victim.',
    'The first line of a dump ("… invoked oom-killer"). Any task can be the trigger; blame by it is a common mistake.',
  ),
  victim: term('victim', 'The process that was killed.', 'Named by the Killed process line, the oom-kill: line or the oom_reaper line.'),
  gfp_mask: term(
    'gfp_mask',
    'What kind of memory was asked for, as flags.',
    'GFP_KERNEL: kernel memory, may sleep. GFP_HIGHUSER_MOVABLE: a page of a process. GFP_DMA32: below 4 GiB. __GFP_COMP, __GFP_ZERO and others refine it. A mask of 0x0 means that a page fault was only repeated.',
  ),
  order: term(
    'order',
    'Size of the request: 2^order contiguous pages.',
    'Order 0 is one page. Orders above 3 are costly: the kernel rather fails them than kills. Order −1 means SysRq-f.',
  ),
  constraint: term(
    'constraint',
    'Why the search for memory was confined: none, cpuset, memory_policy or memcg.',
    'CONSTRAINT_NONE is the whole machine, CONSTRAINT_MEMCG a cgroup’s limit.',
  ),
  failcnt: term(
    'failcnt',
    'How often usage met the limit since the cgroup was made.',
    'On cgroup v2 the count of "max" events. A large number with few kills means that reclaim mostly succeeded.',
  ),
  'memory.max': term('memory.max', 'The hard limit of a cgroup v2 group.', 'Kubernetes: resources.limits.memory; systemd: MemoryMax=.'),
  'memory.high': term(
    'memory.high',
    'The throttling limit of a cgroup v2 group: above it processes are slowed down, not killed.',
    'systemd: MemoryHigh=.',
  ),
  'memory.limit_in_bytes': term('memory.limit_in_bytes', 'The hard limit of a cgroup v1 group.', 'The counterpart of memory.max.'),
  'memory.oom.group': term(
    'memory.oom.group',
    'Set to 1, all processes of the cgroup are killed together.',
    'cgroup v2, Linux 4.19 and later.',
  ),
  'total-vm': term(
    'total-vm',
    'Address space of the process: promised, not used, memory.',
    'It says little about real use; look at anon-rss.',
  ),
  'anon-rss': term(
    'anon-rss',
    'Resident anonymous memory of the process: heap and stacks.',
    'What is really held and cannot be dropped without swap.',
  ),
  'file-rss': term(
    'file-rss',
    'Resident file pages of the process: code and mapped files.',
    'Can be dropped when clean; shared with others.',
  ),
  'shmem-rss': term('shmem-rss', 'Resident shared memory and tmpfs pages of the process.', 'Charged to the cgroup that first touched it.'),
  rss: term(
    'rss',
    'Resident memory: what of a process is in RAM now.',
    'anon + file + shmem. Shared pages count in every process that maps them, so sums can exceed the total.',
  ),
  pgtables: term('pgtables', 'Memory of the tables that map the process’s address space.', 'Part of the badness.'),
  swapents: term('swapents', 'Pages of the process that are in swap.', 'Part of the badness.'),
  slab_reclaimable: term(
    'reclaimable slab',
    'Kernel caches that can be given back: dentries, inodes.',
    'slab_reclaimable in the counters.',
  ),
  watermarks: term(
    'watermarks',
    'Levels of free memory per zone: min, low, high.',
    'Below low, background reclaim starts; below min only privileged requests are served and the killer is near. vm.min_free_kbytes sets min.',
  ),
  zone: term(
    'zone',
    'A part of memory by what it can serve: DMA, DMA32, Normal, HighMem, Movable.',
    'A request names the highest zone that it can use; lower ones keep a reserve (lowmem_reserve).',
  ),
  unaccounted: term(
    'unaccounted',
    'The difference between the total and the sum of all counters.',
    'Small amounts are normal (figures taken at different moments); a large one points to drivers or a balloon.',
  ),
  qos: term(
    'QoS class',
    'Guaranteed, Burstable or BestEffort: how Kubernetes orders pods under memory pressure.',
    'Guaranteed: requests equal limits for all containers. BestEffort: neither. It decides oom_score_adj and so whom the kernel kills first.',
  ),
  oomkilled: term(
    'OOMKilled',
    'The reason that Kubernetes shows when the container’s runtime saw an OOM event.',
    'It comes with exit code 137 as a rule, but not always, and a killed child process may leave no trace of it.',
  ),
  'exit-137': term(
    'exit code 137',
    '128 + 9: ended by SIGKILL, by whomever.',
    'The OOM killer sends SIGKILL, and so do a failed liveness probe, an expired grace period and an eviction. 137 alone proves no OOM.',
  ),
  eviction: term('eviction', 'The kubelet ends a pod to free a resource of the node.', 'Pod phase Failed, reason Evicted.'),
  allocatable: term(
    'Node Allocatable',
    'What a node gives to pods: capacity less reservations and eviction threshold.',
    'The limit of the kubepods cgroup follows from it.',
  ),
  oom_reaper: term(
    'oom_reaper',
    'The kernel thread that frees the victim’s memory at once.',
    'Its line proves a kill even where the Killed process line was lost.',
  ),
  'page-size': term(
    'page size',
    'The kernel counts in pages: 4 KiB on most machines, 16 or 64 KiB on some ARM and POWER ones.',
    'Read from the dump itself; where nothing tells, 4 KiB is assumed and said.',
  ),
  psi: term(
    'PSI',
    'Pressure stall information: the share of time in which tasks waited for memory.',
    'What systemd-oomd and others act on.',
  ),
  confidence: term(
    'confidence',
    'high: every link is quoted and nothing contradicts. medium: a link is inferred. low: little more than a guess.',
    'No percentages: there are no base rates from which one could be honest.',
  ),
  evidence: term(
    'evidence',
    'A quoted line with its source and line number. Nothing is claimed without it.',
    'Numbers in brackets lead to the line.',
  ),
}
