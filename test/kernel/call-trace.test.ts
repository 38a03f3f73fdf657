import { expect, it } from 'vitest'
import { isLimitWrite, isMemcgFrame } from '../../src/kernel/call-trace.ts'

// mm/memcontrol.c of 3.x to 6.x; a compiler's suffix may follow the name, a longer name is another function.
it.each([
  ['mem_cgroup_out_of_memory', true],
  ['mem_cgroup_oom_synchronize', true],
  ['mem_cgroup_handle_oom', true],
  ['mem_cgroup_out_of_memory.isra.0', true],
  ['mem_cgroup_oom_synchronize.constprop.12', true],
  ['mem_cgroup_out_of_memory_later', false],
  ['old.mem_cgroup_handle_oom', false],
  ['pagefault_out_of_memory', false],
  ['out_of_memory', false],
  ['try_charge_memcg', false],
])('%s is on the way of a memory cgroup’s report alone: %s', (name, is) => expect(isMemcgFrame(name)).toBe(is))

it.each([
  ['memory_max_write', true],
  ['mem_cgroup_resize_limit', true],
  ['mem_cgroup_resize_max', true],
  ['mem_cgroup_write', true],
  ['vfs_write', false],
  ['memory_high_write', false],
])('%s writes a limit: %s', (name, is) => expect(isLimitWrite(name)).toBe(is))
