import type { ConsequenceId, ConsumerId, LimitId, PatternId, SelectionId } from '../model/diagnosis.ts'
import { type Term, term } from './define-term.ts'

/** Which limit was hit? Exhaustive: an id without prose does not compile. */
export const limits: Readonly<Record<LimitId, Term>> = {
  'container-limit': term(
    'container limit',
    "The container's own memory limit (resources.limits.memory, memory.max) was reached.",
    'The kernel charges every page that the container touches to its memory cgroup. When usage reaches memory.max (cgroup v2) or memory.limit_in_bytes (v1) and nothing can be reclaimed, the OOM killer runs inside that cgroup only; the node may have plenty of free memory. Kubernetes writes the container’s resources.limits.memory there.',
  ),
  'pod-limit': term(
    'pod limit',
    "The limit of the whole pod was reached: its containers' sum, not one container alone.",
    'The pod’s cgroup has a limit of its own: the sum of its containers’ limits when all have one, or spec.resources.limits.memory (pod-level resources). The victim may sit in another container than the one that grew. Memory of memory-backed volumes and of finished containers is charged here too.',
  ),
  'allocatable-limit': term(
    'limit of all pods (kubepods)',
    'All pods together reached the memory that the node gives to pods (Node Allocatable).',
    'The kubelet limits the kubepods cgroup to capacity minus kube-reserved, system-reserved and, for enforcement of pods, the hard eviction threshold. When the pods’ sum reaches it before the kubelet evicts one, the kernel kills among all pods, by badness and oom_score_adj.',
  ),
  'unit-limit': term(
    'limit of a systemd unit',
    "A systemd unit's or slice's MemoryMax= was reached.",
    'systemd writes MemoryMax= (MemoryLimit= on cgroup v1) of a service, scope or slice to its cgroup. systemd marks the unit with result "oom-kill"; OOMPolicy= decides whether the rest of the unit is stopped.',
  ),
  'cgroup-limit': term(
    'limit of a memory cgroup',
    'The limit of a memory cgroup was reached that is neither a container, a pod nor a systemd unit.',
    'Any directory of the memory cgroup tree can have a limit: batch systems, LXC, virtual machines, hand-made groups. The path tells who made it.',
  ),
  'node-memory': term(
    'memory of the whole machine',
    'No limit was set in the way: the machine itself ran out of memory.',
    'CONSTRAINT_NONE: the page allocator found no page for an ordinary request although reclaim was tried. Every process is a candidate. In Kubernetes this means that the pods’ use beyond their requests, or processes outside of pods, were faster than the kubelet’s eviction.',
  ),
  cpuset: term(
    'memory nodes of a cpuset',
    'The NUMA nodes that the cpuset allows (mems_allowed) ran out, while other nodes may have had memory.',
    'CONSTRAINT_CPUSET. A cpuset binds its tasks to some memory nodes; only their memory counts. Compare mems_allowed in the dump with the free memory per node.',
  ),
  'memory-policy': term(
    'memory nodes of a memory policy',
    'The NUMA nodes that a memory policy (mbind, numactl --membind) allows ran out.',
    'CONSTRAINT_MEMORY_POLICY. The task bound itself to nodes; only their memory counts.',
  ),
  'memory-zone': term(
    'one memory zone',
    'One zone or node ran dry while the machine as a whole still had memory.',
    'Some requests can be served from certain zones only: DMA, DMA32, or low memory on 32-bit systems. Free memory elsewhere does not help. Compare each zone’s free with its min watermark and its lowmem_reserve.',
  ),
  fragmentation: term(
    'fragmentation',
    'A request for a large contiguous block failed although enough memory was free in small pieces.',
    'The request’s order says how many contiguous pages it wanted (order 3 = 8 pages). The buddy lines of the dump list the free blocks by size: with none of the wanted size, compaction failed and the killer ran.',
  ),
  'eviction-threshold': term(
    "the kubelet's eviction threshold",
    'Available memory fell below the kubelet’s threshold, and it evicted a pod; the kernel did not have to kill.',
    'evictionHard memory.available (100Mi by default) is measured every 10 s from the root cgroup’s working set. Pods that use more than they requested go first, by priority and by how far they exceed it. An evicted container may show exit code 137 without being OOMKilled.',
  ),
  'pressure-threshold': term(
    "a userspace killer's threshold",
    'A userspace killer (systemd-oomd, earlyoom, nohang …) acted by its own threshold before the kernel did.',
    'These programs watch memory pressure (PSI), free memory or swap and kill a process or a whole cgroup. The kernel’s log then holds no OOM report; the proof is in the killer’s own log.',
  ),
  'overcommit-limit': term(
    'overcommit limit',
    'The kernel refused an allocation (ENOMEM); nothing was killed.',
    'With vm.overcommit_memory=2 the sum of all promised memory may not exceed CommitLimit; a ulimit on address space refuses likewise. The program sees "Cannot allocate memory" and decides what to do.',
  ),
  'runtime-heap': term(
    "the runtime's own heap",
    'A language runtime (JVM, Node.js, .NET …) ran out inside its own heap limit; the kernel killed nothing.',
    'The heap maximum (-Xmx, --max-old-space-size …) was reached. The process usually ends itself with an error of its own. The container’s limit was not the cause.',
  ),
  manual: term(
    'a manual trigger',
    'Somebody asked for it: SysRq-f (order=-1).',
    'The magic SysRq key "f", or a write of f to /proc/sysrq-trigger, runs the OOM killer once, whether or not memory is short.',
  ),
  unknown: term(
    'not in the log',
    'The evidence does not tell which limit was hit.',
    'The lines that would tell are missing: the header, the oom-kill: summary or the memcg block.',
  ),
}

/** What filled it? */
export const consumers: Readonly<Record<ConsumerId, Term>> = {
  process: term(
    'one process',
    'Anonymous memory of a single process filled the limit.',
    'Heap, stacks and private mappings: anon-rss of one task is most of the limit.',
  ),
  'many-processes': term(
    'many processes together',
    'No single process is large: the sum of many filled the limit.',
    'Look at sums by name: workers, threads of one program family, forks. The victim explains only a small part.',
  ),
  'shared-memory': term(
    'shared memory, tmpfs',
    'Files in memory filled the limit: tmpfs, /dev/shm, a memory-backed emptyDir, SysV or POSIX shared memory.',
    'shmem is charged to the cgroup that first touched it and stays until the files are deleted; killing a process does not free it. An emptyDir with medium: Memory counts against the containers that write it.',
  ),
  'page-cache': term(
    'page cache',
    'File pages filled the limit and could not be given back in time.',
    'Clean cache is reclaimed before anything is killed. Dirty, locked or constantly re-read pages are not: slow storage and heavy writes show here.',
  ),
  'kernel-slab': term(
    'kernel slab',
    'Objects of the kernel’s own caches filled the memory.',
    'Dentries, inodes, kmalloc caches and the like. Unreclaimable slab that grows points to a leak in the kernel or a driver, or to very many files, sockets or cgroups.',
  ),
  'network-buffers': term(
    'network buffers',
    'Socket buffers filled the limit.',
    'Data received and not read, or sent and not acknowledged (the sock counter). Many slow connections or large socket buffers.',
  ),
  'kernel-memory': term(
    'kernel memory',
    'Kernel pages in no finer counter filled the limit: pipe buffers, kernel stacks, vmalloc.',
    'Charged to the cgroup as "kernel" (kmem). Typical: very many threads, pipes or network namespaces.',
  ),
  'page-tables': term(
    'page tables',
    'The tables that map memory were themselves the memory.',
    'Many processes that map the same large shared segment each need their own tables; huge pages shrink them.',
  ),
  hugepages: term(
    'reserved huge pages',
    'Memory was set aside for huge pages and could not be used for anything else.',
    'vm.nr_hugepages takes memory out of the ordinary pool, used or not.',
  ),
  unaccounted: term(
    'unaccounted memory',
    'Memory that appears in no counter of the report.',
    'A balloon driver, GPU or other device drivers, direct page allocations of kernel modules, ZFS ARC. The gap between managed memory and the sum of all counters.',
  ),
  unknown: term(
    'not in the log',
    'The evidence does not tell what filled the memory.',
    'The memory figures of the dump or the task table are missing.',
  ),
}

/** Why did this one die? */
export const selections: Readonly<Record<SelectionId, Term>> = {
  largest: term(
    'the largest',
    'It had the highest badness of all candidates: the kernel’s ordinary choice.',
    'Badness is resident memory plus swap plus page tables, shifted by oom_score_adj. The table of the dump allows to recompute it.',
  ),
  'only-candidate': term(
    'the only candidate',
    'No other process could be chosen.',
    'The cgroup held one killable process, or all others are exempt (oom_score_adj −1000).',
  ),
  'oom-score-adj': term(
    'oom_score_adj',
    'An adjustment decided: it raised this one above, or shielded, something larger.',
    'oom_score_adj adds n/1000 of the total to the score. The kubelet sets it by QoS class: −997 Guaranteed, 2–999 Burstable, 1000 BestEffort. The victim may be innocent.',
  ),
  'allocating-task': term(
    'the allocating task',
    'vm.oom_kill_allocating_task is set: who asked for memory was killed.',
    'The kernel did not search; the task that happened to allocate died, however small.',
  ),
  'group-kill': term(
    'group kill',
    'memory.oom.group: all processes of the cgroup die together.',
    'One process was chosen, then the whole cgroup was killed. Kubernetes ≥ 1.28 sets this for containers on cgroup v2 unless singleProcessOOMKill is set.',
  ),
  'eviction-ranking': term(
    "the kubelet's ranking",
    'The kubelet ranked the pods and evicted the first.',
    'Pods above their requests first, then by priority, then by how far they are above.',
  ),
  'userspace-policy': term(
    "the userspace killer's policy",
    'The userspace killer chose by its own rules.',
    'systemd-oomd kills the cgroup with the most reclaim activity or swap; earlyoom the process with the highest oom_score, with preferences by name.',
  ),
  none: term(
    'none',
    'Nothing was chosen: nothing was killable, or nothing had to be killed.',
    'No killable process, a panic instead of a kill, or an allocation that was only refused.',
  ),
  unknown: term(
    'not in the log',
    'The evidence does not tell why this one was chosen.',
    'The task table is missing, or no line names a victim.',
  ),
}

/** What came of it? */
export const consequences: Readonly<Record<ConsequenceId, Term>> = {
  'container-restarted': term(
    'the container was restarted',
    'The container ended and was started again.',
    'The kubelet saw the container die (exit code 137, reason OOMKilled) and restarted it by the pod’s restartPolicy.',
  ),
  'container-terminated': term(
    'the container ended',
    'The container ended and was not started again within the logs.',
    'Its first process died. Without a later start in the evidence no restart is claimed.',
  ),
  'unseen-by-kubernetes': term(
    'unseen by Kubernetes',
    'A process died inside a container that lived on: no restart, no OOMKilled.',
    'Only the container’s first process ends the container. A killed child leaves the pod Running with restart count 0; the kernel’s log is the only witness.',
  ),
  'reported-late': term(
    'reported late',
    'Unseen at first; the container’s later exit was then reported as OOMKilled.',
    'Some runtimes keep the OOM mark of the cgroup and report it whenever the container ends, even with exit code 0. The time in the status is not the time of the kill.',
  ),
  'pod-evicted': term(
    'the pod was evicted',
    'The kubelet evicted the pod; its controller makes a new one.',
    'Phase Failed, reason Evicted. The pod is not restarted in place.',
  ),
  'unit-failed': term(
    'the unit failed',
    'systemd marked the unit as failed with result oom-kill.',
    'Restart= decides whether it came back.',
  ),
  'process-killed': term(
    'a process was killed',
    'The process died; what that meant for its service is not in the logs.',
    'With the kernel’s log alone nothing more can be said. The kubelet’s or runtime’s log of that minute would tell.',
  ),
  'node-panic': term(
    'the kernel panicked',
    'The machine panicked instead of killing, or had nothing left to kill.',
    'vm.panic_on_oom is set, or no killable process was left.',
  ),
  'no-kill': term(
    'nothing was killed',
    'The allocation failed, or the killer found no candidate: nobody died.',
    'A refusal leaves the next step to the program; a killer without a candidate tries again or panics.',
  ),
  unknown: term('not in the log', 'The evidence does not tell what came of it.', 'No line after the event speaks of the workload.'),
}

/** How it recurs. */
export const patterns: Readonly<Record<PatternId, Term>> = {
  single: term('single', 'It happened once within the logs.', 'One kill, or one event, in the time that the logs cover.'),
  repeating: term(
    'repeating',
    'The same workload was killed again and again.',
    'Kills of the same workload under its own limit, each less than 24 h after the one before.',
  ),
  leak: term(
    'leak',
    'Memory grew steadily until the limit, again and again.',
    'Repeating, or sampled over time, with growth: raising the limit only delays the next one.',
  ),
  cascade: term(
    'cascade',
    'Several victims of one shared shortage on one host.',
    'Kills less than 10 minutes apart under the same shared limit. The first one counts; the others follow from it.',
  ),
}
