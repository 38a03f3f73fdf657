import { panicText } from '../panic-text.ts'
import type { Shape } from './shape.ts'

/** How a report ends without a kill, and the heads of other reports that print the same blocks (kernel-oom-formats §8.4, 9). */
export const endingShapes: readonly Shape[] = [
  {
    id: 'panic',
    example: 'Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled',
    source: 'mm/oom_kill.c check_panic_on_oom, out_of_memory',
    first: 'K',
    read(text) {
      const panic = panicText(text)
      return panic === null ? null : { kind: 'panic', panic }
    },
  },
  {
    id: 'no-killable',
    example: 'Out of memory and no killable processes...',
    source: 'mm/oom_kill.c out_of_memory, a warning since 4.x; repeats for every allocation of a memcg whose tasks are all at -1000',
    first: 'MO',
    read: (text) => (/^(?:Memory cgroup o|O)ut of memory and no killable process/.test(text) ? { kind: 'no-killable' } : null),
  },
  {
    id: 'other-report',
    example: 'swapper/0: page allocation failure: order:0, mode:0x480020(GFP_ATOMIC), nodemask=(null),cpuset=/,mems_allowed=0',
    source:
      'mm/page_alloc.c warn_alloc (warn_alloc_failed); drivers/tty/sysrq.c sysrq_handle_showmem; traces that print a stack of their own',
    read(text) {
      if (text.includes(': page allocation ') && /: page allocation (?:failure|stalls)/.test(text))
        return { kind: 'other-report', memInfo: true }
      if (/^(?:sysrq: )?(?:SysRq ?: )?Show Memory/i.test(text)) return { kind: 'other-report', memInfo: true }
      if (text.includes('vmalloc') && /^(?:vmalloc|.*: vmalloc)(?: error|: allocation failure)/.test(text))
        return { kind: 'other-report', memInfo: true }
      const trace =
        /^(?:-+\[ cut here \]-+|WARNING: |BUG: |INFO: (?:task |rcu)|watchdog: |rcu: INFO|Oops: |general protection fault|SLUB: Unable to allocate|Internal error: |Unable to handle)/
      return trace.test(text) ? { kind: 'other-report', memInfo: false } : null
    },
  },
  {
    id: 'trace-end',
    example: '---[ end trace 0000000000000000 ]---',
    source: 'kernel/panic.c print_oops_end_marker',
    first: '-',
    read: (text) => (/^---\[ end (?:trace|Kernel panic)/.test(text) ? { kind: 'trace-end' } : null),
  },
]
