import { expect, test } from 'vitest'
import { needsShell } from '../../../src/text/shell.ts'
import { reportOfFiles } from '../report-of-lines.ts'

/** A kill at a container's limit, by one process; the pod beside it as YAML. */
const UID = '22220000-1111-4222-8333-000000000022'
const CID = '22c'.repeat(22).slice(0, 64)
const SLICE = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID.replaceAll('-', '_')}.slice/cri-containerd-${CID}.scope`

const atLimit = (comm: string, cgroup = SLICE, stats = ['anon 1050673152', 'file 2097152']): string =>
  [
    `${comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=900`,
    'memory: usage 1048576kB, limit 1048576kB, failcnt 12',
    `Memory cgroup stats for ${cgroup}:`,
    ...stats,
    'Tasks state (memory values in pages):',
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    `[   3300]  1000  3300   500000   257000  2400000        0           900 ${comm}`,
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=${cgroup},task_memcg=${cgroup},task=${comm},pid=3300,uid=1000`,
    `Memory cgroup out of memory: Killed process 3300 (${comm}) total-vm:2000000kB, anon-rss:1020000kB, file-rss:8000kB, shmem-rss:0kB, UID:1000 pgtables:2400kB oom_score_adj:900`,
  ]
    .map((line, at) => `[${(5000 + at / 1e6).toFixed(6)}] ${line}\n`)
    .join('')

const podOf = (name: string, owner: string, comm: string, over: boolean): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: data
  uid: ${UID}
  ownerReferences:
  - {apiVersion: v1, kind: ${owner.split('/')[0]}, name: ${owner.split('/')[1]}, controller: true}
spec:
  restartPolicy: ${over ? 'Never' : 'Always'}
  containers:
  - name: ${comm}
    image: ${comm}:1
    resources: {limits: {memory: 1Gi}, requests: {memory: 512Mi}}
status:
  qosClass: Burstable
  containerStatuses:
  - name: ${comm}
    containerID: containerd://${CID}
    restartCount: ${over ? 0 : 1}
    ${over ? '' : 'lastS'}${over ? 's' : ''}tate: {terminated: {reason: OOMKilled, exitCode: 137, startedAt: "2025-11-24T02:00:01Z", finishedAt: "2025-11-24T02:20:01Z", containerID: "containerd://${CID}"}}
`

async function commandsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { incidents } = await reportOfFiles(files)
  return incidents.flatMap(({ recommendations, missing }) => [...recommendations, ...missing].flatMap(({ command }) => command ?? []))
}

test('a list of commands is one for a shell: behind && it would run on the machine of who pastes it', async () => {
  expect(['a && kill -USR2 1', 'a & b', 'a < b', 'a `b`', 'a | b', 'a; b', 'a > b', 'a $b'].every(needsShell)).toBe(true)
  expect(needsShell('jcmd 1 VM.native_memory summary')).toBe(false)
  const docker = await commandsOf({ 'kern.log': atLimit('node', `/system.slice/docker-${CID}.scope`) })
  const kill = docker.find((command) => command.includes('kill -USR2'))
  expect(kill).toMatch(/^docker exec \w+ sh -c '.*kill -USR2 1'$/)
})

test('pods that are not named after their owner are asked for by their own name', async () => {
  const files = (name: string, owner: string) => ({ 'kern.log': atLimit('java'), 'pod.yaml': podOf(name, owner, 'java', false) })
  const other = await commandsOf(files('virt-launcher-win10-abcde', 'VirtualMachineInstance/win10'))
  expect(other.join('\n')).toContain('pod=~"virt-launcher-win10-abcde"')
  const own = await commandsOf(files('etl-0', 'StatefulSet/etl'))
  expect(own.join('\n')).toContain('pod=~"etl-.+"')
})

test('nothing is run in a pod that is over', async () => {
  const files = (over: boolean) => ({ 'kern.log': atLimit('java'), 'pod.yaml': podOf('etl-exec-3', 'Pod/etl-driver', 'java', over) })
  expect((await commandsOf(files(true))).filter((command) => /\b(?:kubectl|crictl) exec\b|jcmd/.test(command))).toEqual([])
  expect((await commandsOf(files(false))).some((command) => command.includes('exec -n data etl-exec-3'))).toBe(true)
})

const NODE = `[5000.000000] java invoked oom-killer: gfp_mask=0x1100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0
[5000.000001] Mem-Info:
[5000.000002] active_anon:1850000 inactive_anon:0 isolated_anon:0
[5000.000003]  active_file:300 inactive_file:400 isolated_file:0
[5000.000004]  slab_reclaimable:20000 slab_unreclaimable:40000
[5000.000005]  mapped:500 shmem:2000 pagetables:9000 bounce:0
[5000.000006]  free:20000 free_pcp:300 free_cma:0
[5000.000007] 2050000 pages RAM
[5000.000008] 0 pages HighMem/MovableOnly
[5000.000009] 50000 pages reserved
[5000.000010] Tasks state (memory values in pages):
[5000.000011] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
[5000.000012] [    650]     0   650  2600000  1500000  5000000        0         -1000 multipathd
[5000.000013] [   2300]     0  2300   500000   290000   900000        0             0 java
[5000.000014] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=java,pid=2300,uid=0
[5000.000015] Out of memory: Killed process 2300 (java) total-vm:2000000kB, anon-rss:1150000kB, file-rss:4000kB, shmem-rss:0kB, UID:0 pgtables:400kB oom_score_adj:0
`

test('a daemon that may not be killed is the cause, is restarted, and gets neither a limit nor a heap profile', async () => {
  const { incidents } = await reportOfFiles({ 'kern.log': NODE })
  const [incident] = incidents
  expect(incident?.rootCause.id).toBe('host-process-growth')
  const said = JSON.stringify(incident?.recommendations)
  expect(said).toContain('restart its unit')
  expect(said).not.toContain('heap profile')
  expect(said).not.toContain('give it a limit')
})

test('sockets are listed in the networks that may have them: a pod’s in its sandbox, a unit’s wherever they are', async () => {
  const full = ['anon 52428800', 'file 2097152', 'kernel 31457280', 'sock 985661440']
  const listOf = async (cgroup: string): Promise<string | undefined> =>
    (await commandsOf({ 'kern.log': atLimit('nginx', cgroup, full) })).find((command) => command.includes('ss -tmpn'))
  expect(await listOf(SLICE)).toMatch(
    new RegExp(
      `^nsenter -t "\\$\\(crictl inspectp .* "\\$\\(crictl pods -q --label io\\.kubernetes\\.pod\\.uid=${UID} .*\\)" -n ss -tmpn \\| awk `,
    ),
  )
  expect(await listOf('/system.slice/nginx.service')).toMatch(
    /^for p in \$\(lsns -nt net -o PID\); do nsenter -t \$p -n ss -tmpn; done \| awk /,
  )
})
