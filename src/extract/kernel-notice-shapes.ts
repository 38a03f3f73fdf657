import type { KernelNotice, LossMark } from '../model/event.ts'
import { numberOf } from './event-base.ts'
import { panicText } from './panic-text.ts'

type Notice = Pick<KernelNotice, 'notice'> & Partial<Pick<KernelNotice, 'comm' | 'pid' | 'order' | 'bytes' | 'subject' | 'panic'>>

/** One message of the kernel beside its kills: a regular expression, a line that it matches and what it means. */
export interface NoticeShape {
  readonly literal: string
  readonly example: string
  readonly pattern: RegExp
  read(groups: Readonly<Record<string, string | undefined>>): Notice
}

/** Absurd sizes (5285790347661783040) are a driver's or an accounting bug and fit no double: `null`. */
const number = (text: string | undefined): number | null => {
  const value = numberOf(text)
  return value !== null && Number.isSafeInteger(value) ? value : null
}
const megabytes: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, kB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 }

/** Neighbours of an OOM that kill nobody (kernel-oom-formats §9). Figures that the kernel prints absurdly large are `null`. */
export const noticeShapes: readonly NoticeShape[] = [
  {
    literal: 'page allocation failure',
    example: 'swapper/0: page allocation failure: order:0, mode:0x480020(GFP_ATOMIC), nodemask=(null),cpuset=/,mems_allowed=0',
    pattern: /^(?<comm>.*?): page allocation failure[:.] ?order: ?(?<order>\d+)(?:, ?mode:(?<mode>0x[0-9a-f]+(?:\([^)]*\))?))?/s,
    read: ({ comm, order, mode }) => ({
      notice: 'page-allocation-failure',
      comm: comm ?? null,
      order: number(order),
      subject: mode ?? null,
    }),
  },
  {
    literal: 'page allocation stalls',
    example: 'postgres: page allocation stalls for 10004ms, order:0, mode:0x14204d2(GFP_HIGHUSER|__GFP_HARDWALL), nodemask=(null)',
    pattern: /^(?<comm>.*?): page allocation stalls for (?<ms>\d+)\s?ms, order:(?<order>\d+)/s,
    read: ({ comm, order, ms }) => ({ notice: 'page-allocation-stall', comm: comm ?? null, order: number(order), subject: `${ms} ms` }),
  },
  {
    literal: 'SLUB: Unable to allocate memory',
    example: 'SLUB: Unable to allocate memory on node -1 (gfp=0x80d0)',
    pattern: /^SLUB: Unable to allocate memory on (?:CPU \d+ \(of node \d+\) on )?node (?<node>-?\d+)/,
    read: ({ node }) => ({ notice: 'slub-failure', subject: `node ${node}` }),
  },
  {
    literal: 'object size: ',
    example: '  cache: signal_cache(632851:7f5c), object size: 1120, buffer size: 1152, default order: 3, min order: 0',
    pattern: /^\s*cache: (?<cache>.*), object size: (?<size>\d+), (?:buffer|order)/,
    read: ({ cache, size }) => ({ notice: 'slub-failure', subject: cache ?? null, bytes: number(size) }),
  },
  {
    literal: '__vm_enough_memory: ',
    example: '__vm_enough_memory: pid: 4321, comm: java, bytes: 68719476736 not enough memory for the allocation',
    pattern:
      /^__vm_enough_memory: pid: (?<pid>\d+), comm: (?<comm>.*?),(?: bytes: (?<bytes>\d+))? (?:no|not) enough memory for the allocation/s,
    read: ({ pid, comm, bytes }) => ({ notice: 'vm-enough-memory', pid: number(pid), comm: comm ?? null, bytes: number(bytes) }),
  },
  {
    literal: 'VM_FAULT_OOM leaked out',
    example: 'Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF',
    pattern: /^Huh VM_FAULT_OOM leaked out/,
    read: () => ({ notice: 'pagefault-oom' }),
  },
  {
    literal: 'vmalloc: allocation failure',
    example: 'modprobe: vmalloc: allocation failure: 2147487744 bytes, mode:0xcc2(GFP_KERNEL|__GFP_HIGHMEM)',
    pattern: /^(?:(?<comm>.*?): )?vmalloc: allocation failure(?:, allocated \d+ of|:) (?<bytes>\d+) bytes/s,
    read: ({ comm, bytes }) => ({ notice: 'vmalloc-failure', comm: comm ?? null, bytes: number(bytes) }),
  },
  {
    literal: 'vmalloc error: size ',
    example: 'modprobe: vmalloc error: size 2147483648, vm_struct allocation failed, mode:0xcc0(GFP_KERNEL), nodemask=(null)',
    pattern: /^(?:(?<comm>.*?): )?vmalloc error: size (?<bytes>\d+), (?<what>[^,]*)/s,
    read: ({ comm, bytes, what }) => ({ notice: 'vmalloc-failure', comm: comm ?? null, bytes: number(bytes), subject: what ?? null }),
  },
  {
    literal: 'blocked for more than',
    example: 'INFO: task jbd2/vda1-8:214 blocked for more than 120 seconds.',
    pattern: /^INFO: task (?<comm>.*):(?<pid>\d+) blocked (?:on \S+ |in I\/O wait )?for more than (?<seconds>\d+) seconds/s,
    read: ({ comm, pid, seconds }) => ({ notice: 'hung-task', comm: comm ?? null, pid: number(pid), subject: `${seconds} s` }),
  },
  {
    literal: 'Out of puff!',
    example: "virtio_balloon virtio3: Out of puff! Can't get 256 pages",
    pattern: /^virtio_balloon (?<device>\S+): Out of puff! Can't get (?<pages>\d+) pages/,
    read: ({ device, pages }) => ({ notice: 'balloon', subject: device ?? null, bytes: pages === undefined ? null : number(pages) }),
  },
  {
    literal: 'of page size ',
    example: 'HugeTLB: allocating 1024 of page size 2.00 MiB failed.  Only allocated 311 hugepages.',
    pattern:
      /^(?:HugeTLB|hugetlbfs|HugeTLB registered)?:? ?allocating (?<wanted>\d+) of page size (?<size>[\d.]+) (?<unit>[KMG]i?B) failed/i,
    read: ({ wanted, size, unit }) => ({
      notice: 'hugetlb',
      bytes: number(String(Math.round(Number(wanted) * Number(size) * (megabytes[unit ?? ''] ?? Number.NaN)))),
    }),
  },
  {
    literal: 'fork rejected by pids controller',
    example: 'cgroup: fork rejected by pids controller in /system.slice/ci-runner.service',
    pattern: /^cgroup: fork rejected by pids controller in (?<path>\S.*)$/,
    read: ({ path }) => ({ notice: 'fork-rejected', subject: path?.trimEnd() ?? null }),
  },
  {
    literal: 'Memory failure: 0x',
    example: 'Memory failure: 0x1f4c31: Killing qemu-kvm:5210 due to hardware memory corruption',
    pattern:
      /^Memory failure: (?<pfn>0x[0-9a-f]+): (?:Killing|Sending SIGBUS to) (?<comm>.*):(?<pid>\d+) due to hardware memory corruption/s,
    read: ({ pfn, comm, pid }) => ({ notice: 'memory-failure', subject: pfn ?? null, comm: comm ?? null, pid: number(pid) }),
  },
  {
    literal: 'OOM killer disabled',
    example: 'OOM killer disabled.',
    pattern: /^OOM killer disabled\./,
    read: () => ({ notice: 'oom-killer-disabled' }),
  },
  {
    literal: 'Waking up from system sleep state',
    example: 'ACPI: PM: Waking up from system sleep state S3',
    pattern: /^(?:ACPI: )?(?:PM: )?Waking up from system sleep state/,
    read: () => ({ notice: 'resumed', subject: 'firmware' }),
  },
  {
    literal: 'Restarting tasks',
    example: 'Restarting tasks ... done.',
    pattern: /^(?:PM: )?Restarting tasks(?: ?\.\.\.|:)/,
    read: () => ({ notice: 'resumed', subject: 'tasks' }),
  },
  {
    literal: 'PM: suspend exit',
    example: 'PM: suspend exit',
    pattern: /^PM: suspend exit/,
    read: () => ({ notice: 'resumed', subject: 'exit' }),
  },
  {
    literal: 'PM: hibernation',
    example: 'PM: hibernation: hibernation exit',
    pattern: /^PM: (?:hibernation: )?hibernation exit/,
    read: () => ({ notice: 'resumed', subject: 'exit' }),
  },
  {
    literal: 'Kernel panic - not syncing',
    example: 'Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000009',
    pattern: /^(?<line>Kernel panic - not syncing: .*)$/s,
    read({ line }) {
      const panic = panicText(line ?? '')
      return { notice: 'panic', subject: panic?.text ?? null, ...(panic === null ? {} : { panic }) }
    },
  },
  {
    literal: ': segfault at ',
    example: 'java[4321]: segfault at 0 ip 00007f1c2b3a4d5e sp 00007ffd1c2b3a40 error 4 in libjvm.so[7f1c2a000000+1000000]',
    pattern: /^(?<comm>.*)\[(?<pid>\d+)\]: segfault at /s,
    read: ({ comm, pid }) => ({ notice: 'segfault', comm: comm ?? null, pid: number(pid) }),
  },
  {
    literal: 'Purging GPU memory',
    example: 'Purging GPU memory, 120 pages freed, 3 pages still pinned, 88 pages left available.',
    pattern: /^Purging GPU memory, (?<freed>\d+) (?:pages|bytes) freed/,
    read: () => ({ notice: 'gpu-purge' }),
  },
]

export interface LossShape {
  readonly literal: string
  readonly example: string
  readonly pattern: RegExp
  readonly what: LossMark['what']
}

/** Marks that lines are missing (kernel-oom-formats §11.5). Those of loggers are read by `log-loss.ts`. */
export const lossShapes: readonly LossShape[] = [
  {
    literal: 'printk messages dropped',
    example: '** 423 printk messages dropped **',
    pattern: /^\*\* (?<count>\d+) printk messages? dropped \*\*/,
    what: 'printk-dropped',
  },
  {
    literal: 'callbacks suppressed',
    example: 'oom_kill_process: 70 callbacks suppressed',
    pattern: /^(?<subject>[\w.]+|net_ratelimit): (?<count>\d+) callbacks suppressed/,
    what: 'callbacks-suppressed',
  },
  {
    literal: 'messages suppressed',
    example: 'printk: 14 messages suppressed.',
    pattern: /^printk: (?<count>\d+) messages suppressed/,
    what: 'callbacks-suppressed',
  },
  {
    literal: 'Too many dropped messages',
    example: 'printk: Too many dropped messages, 12 times',
    pattern: /^(?:printk: )?Too many dropped messages/,
    what: 'printk-dropped',
  },
]
