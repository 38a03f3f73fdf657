import { expect, test } from 'vitest'
import { isCgroupUnit, isChaosKind, isContainerId, isHostName, isPodUid, isProxmoxId, isSlurmCpuset } from '../../src/kube/ids.ts'

const id = 'a'.repeat(64)

test.each<[string, (text: string) => boolean, readonly string[], readonly string[]]>([
  [
    'a pod’s UID',
    isPodUid,
    ['5931aa75-12cd-4d5e-9f00-aa12bb34cc56', 'a'.repeat(32)],
    ['', 'web-0', 'a'.repeat(31), 'a'.repeat(37), 'G'.repeat(32)],
  ],
  ['a container’s id', isContainerId, [id, id.slice(0, 12)], ['', id.slice(0, 11), `${id}a`, 'web']],
  ['a unit with a cgroup', isCgroupUnit, ['a.service', 'cri-containerd-x.scope', 'user.slice'], ['a.socket', 'service', 'a.service.d']],
  ['a number of Proxmox', isProxmoxId, ['101', '100000'], ['10', 'web', '1010101010']],
  ['a cpuset of Slurm', isSlurmCpuset, ['slurm', 'step_0', 'job_12'], ['/', 'kubepods', 'my_job_12']],
  ['a kind of chaos', isChaosKind, ['StressChaos', 'ChaosEngine', 'podchaos'], ['Pod', '']],
  ['a host’s name', isHostName, ['node-1', 'ip-10-0-1-2.ec2.internal'], ['', '-n', 'a b', 'a"b', 'a{b']],
])('%s', (_, is, yes, no) => {
  expect(yes.filter((text) => !is(text))).toEqual([])
  expect(no.filter(is)).toEqual([])
})
