import type { Phrase } from '../../model/diagnosis.ts'
import { code, say } from '../../text/say.ts'

/** What a slab cache's objects are, and how to find whose they are. Names as in /proc/slabinfo; caches of equal size are merged under one of their names. */
export interface SlabMeaning {
  /** `skbuff*` stands for all that begin so. */
  readonly names: readonly string[]
  readonly are: Phrase
  readonly find: Phrase
  readonly command: string
  /** What lists them of one network namespace only: `command` reads the lists of all that may have them. */
  readonly listOfNetwork?: string
  readonly owner: 'application' | 'platform' | 'kernel'
}

/** Asked in this order, by the largest caches first: what says most precisely what it is comes first. */
export const slabMeanings: readonly SlabMeaning[] = [
  {
    names: ['skbuff*', 'tcp*', 'TCP*', 'UDP*', 'request_sock*', 'sock_inode_cache', 'tw_sock*'],
    are: say`socket buffers and sockets: data that was received and not read, or sent and not acknowledged`,
    find: say`Find whose sockets hold it: queues that are full, and which process has them.`,
    listOfNetwork: 'ss -tmpn',
    command:
      "awk '/^[A-Z]/ {s = $0; q = $2 + $3; next} {print q, s, $0}' | sort -rn | head -20; cat /proc/net/sockstat; sysctl net.ipv4.tcp_mem",
    owner: 'application',
  },
  {
    names: ['nf_conntrack*'],
    are: say`entries of connection tracking`,
    find: say`Compare the number of tracked connections with its limit, and find who opens so many.`,
    command: 'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max; conntrack -S | head',
    owner: 'platform',
  },
  {
    names: [
      'dentry',
      'inode_cache',
      'ext4_inode*',
      'xfs_inode',
      'btrfs_inode',
      'proc_inode*',
      'shmem_inode*',
      'ovl_inode',
      'nfs_inode*',
      'fuse_inode',
      'ceph_inode*',
      'buffer_head',
      'xfs_ili',
    ],
    are: say`names and inodes of files: a program walks a large tree, or asks for files that do not exist`,
    find: say`Find who walks the tree (a backup, a scan, ${code('updatedb')}, ${code('du')}, an agent), and exclude it.`,
    command:
      'cat /proc/sys/fs/dentry-state; slabtop -o -s c | head -15; timeout 30 fatrace -c 2>/dev/null | sort | uniq -c | sort -rn | head',
    owner: 'platform',
  },
  {
    names: ['filp', 'files_cache', 'eventpoll*', 'eventfd*', 'inotify*', 'fsnotify*', 'pid*'],
    are: say`open files, pipes and watches`,
    find: say`Find which process has the most files open.`,
    command:
      'cat /proc/sys/fs/file-nr; for p in /proc/[0-9]*; do echo "$(ls $p/fd 2>/dev/null | wc -l) $(cat $p/comm 2>/dev/null) $(basename $p)"; done | sort -rn | head',
    owner: 'application',
  },
  {
    names: ['task_struct', 'thread_stack', 'signal_cache', 'sighand_cache', 'cred_jar', 'mm_struct', 'stack*'],
    are: say`threads and processes`,
    find: say`Find which process has so many threads.`,
    command: 'ps -eo nlwp,pid,comm --sort=-nlwp | head -15',
    owner: 'application',
  },
  {
    names: ['vm_area_struct', 'anon_vma*', 'maple_node'],
    are: say`memory mappings`,
    find: say`Find which process has so many mappings.`,
    command: 'wc -l /proc/[0-9]*/maps 2>/dev/null | sort -rn | sed -n 2,12p',
    owner: 'application',
  },
  {
    names: ['radix_tree_node', 'xarray*'],
    are: say`the index of the page cache`,
    find: say`Find who reads or writes very many or very sparse files.`,
    command: 'slabtop -o -s c | head -15',
    owner: 'platform',
  },
  {
    names: ['zio_*', 'arc_*', 'abd_*', 'zfs_*', 'dnode_t', 'dmu_buf*'],
    are: say`ZFS's own caches`,
    find: say`Bound ZFS's cache (${code('zfs_arc_max')}) to what the machine can spare.`,
    command: 'arc_summary -s arc 2>/dev/null || cat /proc/spl/kstat/zfs/arcstats | grep -E "^(size|c_max)"',
    owner: 'platform',
  },
  {
    names: ['kmalloc-*', 'kmem_cache*', 'dma-kmalloc*', 'numa_policy', 'bio*', 'biovec*', 'size-*'],
    are: say`memory that kernel code or a driver allocated by size, without a name: growth without end is a leak there`,
    find: say`Find which kernel code allocates it: what the cache's users are, and whether a newer kernel or driver mends it.`,
    // The tracepoint is there on every kernel since 2.6.31, and takes no reboot.
    command:
      'uname -r; lsmod | head -40; slabtop -o -s c | head -15; perf record -a -g -e kmem:kmalloc -- sleep 30 && perf report --stdio --no-children | head -60',
    owner: 'kernel',
  },
]

interface Slab {
  readonly name: string
  readonly totalBytes: number
}

/**
 * The meaning of the caches that hold the most. A nameless one (`kmalloc-2k`) is told by a named one beside it that grew with it: socket buffers keep
 * their data in `kmalloc-*` and their heads in `skbuff_head_cache`.
 */
export function meaningOf(slabs: readonly Slab[]): { readonly meaning: SlabMeaning; readonly top: readonly Slab[] } | null {
  const sorted = slabs.toSorted((a, b) => b.totalBytes - a.totalBytes)
  const [first] = sorted
  if (first === undefined) return null
  const top = sorted.filter((slab) => slab.totalBytes >= first.totalBytes * 0.1).slice(0, 3)
  const rows = top.map((slab) => slabMeanings.find((row) => row.names.some((name) => isNamed(slab.name, name))) ?? null)
  const nameless = slabMeanings.at(-1)
  const meaning = rows.find((row) => row !== null && row !== nameless) ?? rows[0] ?? null
  return meaning === null ? null : { meaning, top }
}

const isNamed = (slab: string, name: string): boolean => (name.endsWith('*') ? slab.startsWith(name.slice(0, -1)) : slab === name)

/** Kernel memory outside of slab that has a counter of its own (memory.stat of a group, Mem-Info of a machine), by that counter. */
export const partMeanings: Readonly<Record<string, SlabMeaning>> = {
  vmalloc: {
    names: ['vmalloc'],
    are: say`large tables that the kernel keeps for programs (vmalloc): BPF maps, filter rules, buffers of a driver`,
    find: say`Find what the large tables are: BPF maps first, which are charged to whoever made them.`,
    command: 'bpftool map show | grep -B1 -E "memlock [0-9]{8,}B" | head -40; sort -k2 -rn /proc/vmallocinfo | head -15',
    owner: 'application',
  },
  percpu: {
    names: ['percpu'],
    are: say`per-processor memory: cgroups, network devices and BPF maps each take some for every processor`,
    find: say`Find what there are so many of: cgroups that were removed and linger (${code('nr_dying_descendants')}), network devices, BPF maps.`,
    command: 'grep -H . /sys/fs/cgroup/cgroup.stat; ls /sys/class/net | wc -l; bpftool map show 2>/dev/null | grep -c percpu',
    owner: 'platform',
  },
  kernel_stack: {
    names: ['kernel_stack'],
    are: say`stacks of threads, 16 KiB each`,
    find: say`Find which process has so many threads.`,
    command: 'ps -eo nlwp,pid,comm --sort=-nlwp | head -15',
    owner: 'application',
  },
  pagetables: {
    names: ['pagetables'],
    are: say`the tables that map the processes' memory`,
    find: say`Find which processes map so much: many that share one large segment (huge pages make its tables small), or one with a vast sparse mapping.`,
    command: "grep -H VmPTE /proc/[0-9]*/status | sort -k2 -rn | head; grep -E 'PageTables|HugePages_Total' /proc/meminfo",
    owner: 'application',
  },
  pipes: {
    names: ['pipes'],
    are: say`pages that no counter names, as the buffers of pipes are (up to 1 MiB each)`,
    find: say`Find whose pipes are full: a reader that does not keep up, or many pipes with large buffers.`,
    command:
      'sysctl fs.pipe-max-size fs.pipe-user-pages-soft; for p in /proc/[0-9]*; do echo "$(ls -l $p/fd 2>/dev/null | grep -c pipe:) $(cat $p/comm 2>/dev/null) $(basename $p)"; done | sort -rn | head',
    owner: 'application',
  },
}
