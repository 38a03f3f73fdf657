/** One kernel report of 5.15 under a container's limit, line by line, without any front. */
const scope = 'cri-containerd-0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0.scope'
export const path = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod5a7f1c2e_1111_4222_8333_944455556666.slice/${scope}`
export const report = [
  'kafka invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984',
  'CPU: 3 PID: 4021 Comm: kafka Not tainted 5.15.0-91-generic #101-Ubuntu',
  'Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.15.0-1 04/01/2014',
  'Call Trace:',
  ' <TASK>',
  ' dump_stack_lvl+0x4a/0x63',
  ' </TASK>',
  'memory: usage 524288kB, limit 524288kB, failcnt 341',
  `Memory cgroup stats for ${path}:`,
  'anon 530579456',
  'shmem 0',
  'Tasks state (memory values in pages):',
  '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
  '[   4021]  1000  4021   903112   129500  1843200        0           984 kafka',
  '[   4077]  1000  4077     1001      120    61440        0           984 sh',
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${scope},mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=kafka,pid=4021,uid=1000`,
  'Memory cgroup out of memory: Killed process 4021 (kafka) total-vm:3612448kB, anon-rss:517000kB, file-rss:1000kB, shmem-rss:0kB, UID:1000 pgtables:1800kB oom_score_adj:984',
]
