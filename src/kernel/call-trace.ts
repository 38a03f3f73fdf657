/** mm/memcontrol.c: on the way of every report of a memory cgroup; `.isra.0` and the like may follow the name. */
const memcg: readonly string[] = ['mem_cgroup_out_of_memory', 'mem_cgroup_handle_oom', 'mem_cgroup_oom_synchronize']

/** Whether a function of the call trace tells that the shortage was a memory cgroup's. */
export const isMemcgFrame = (name: string): boolean => memcg.some((one) => name === one || name.startsWith(`${one}.`))

/** mm/memcontrol.c, mm/memcontrol-v1.c: somebody wrote a limit, and the kernel makes room in the writer's own call. */
const writes: ReadonlySet<string> = new Set(['memory_max_write', 'mem_cgroup_resize_max', 'mem_cgroup_resize_limit', 'mem_cgroup_write'])
export const isLimitWrite = (name: string): boolean => writes.has(name)
