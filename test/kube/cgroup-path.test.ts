import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identifyCgroup } from '../../src/kube/cgroup-path.ts'
import { workloadOf } from '../../src/kube/workload.ts'
import type { CgroupIdentity } from '../../src/model/figures.ts'

const U = '5931aa75-4603-4e65-b552-7c71cf55cfb5'
const U_ = U.replaceAll('-', '_')
const C = '25a38b5b8d556d7974b3b9d3a1f0c4e5d6f7081929a3b4c5d6e7f8091a2b3c4d'
const D = 'a07d3a8db4f4bba9cf5bd07ea9a6b0e0aeeed6f0e5c3f5f0a7f1f5a8e0b98272'
const T = '0f3c9d7e6b5a4c3d2e1f0a9b8c7d6e5f'
const none = {
  runtime: null,
  qosClass: null,
  podUid: null,
  containerId: null,
  unit: null,
  job: null,
  outer: [],
  monitor: false,
  staticPod: false,
}
const burstable = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${U_}.slice`

type Expected = Partial<CgroupIdentity> & { level: CgroupIdentity['level'] }
const pod = (qosClass: CgroupIdentity['qosClass'], more: Partial<CgroupIdentity> = {}): Expected => ({
  level: 'container',
  qosClass,
  podUid: U,
  containerId: C,
  ...more,
})

const table: readonly [path: string, expected: Expected][] = [
  // cgroupfs
  [`/kubepods/burstable/pod${U}/${C}`, pod('Burstable')],
  [`/kubepods/besteffort/pod${U}/${C}`, pod('BestEffort')],
  [
    `/kubepods/pod${U}/${C}`,
    pod('Guaranteed', { podPath: `/kubepods/pod${U}`, kubepodsPath: '/kubepods', containerPath: `/kubepods/pod${U}/${C}` }),
  ],
  [`/kubepods/pod${U}`, { level: 'pod', qosClass: 'Guaranteed', podUid: U }],
  ['/kubepods/burstable', { level: 'qos', qosClass: 'Burstable' }],
  ['/kubepods/besteffort', { level: 'qos', qosClass: 'BestEffort' }],
  ['/kubepods', { level: 'kubepods', kubepodsPath: '/kubepods' }],
  [
    '/kubepods/burstable/pod4e9fe3a8-ebf1-11e8-9ee6-0050568c4e8e',
    { level: 'pod', qosClass: 'Burstable', podUid: '4e9fe3a8-ebf1-11e8-9ee6-0050568c4e8e' },
  ],
  [`/kubepods/burstable/pod${T}/${C}`, pod('Burstable', { podUid: T, staticPod: true })],
  [`/kubepods/burstable/pod${U}/crio-${C}`, pod('Burstable', { runtime: 'cri-o' })],
  [`/kubepods/burstable/pod${U}/crio-conmon-${C}`, pod('Burstable', { runtime: 'cri-o', monitor: true })],
  [`/kubepods/burstable/pod${U}/kata_${C}`, pod('Burstable')],
  // systemd
  ['/kubepods.slice', { level: 'kubepods', kubepodsPath: '/kubepods.slice' }],
  ['/kubepods.slice/kubepods-burstable.slice', { level: 'qos', qosClass: 'Burstable', kubepodsPath: '/kubepods.slice' }],
  [burstable, { level: 'pod', qosClass: 'Burstable', podUid: U, podPath: burstable, kubepodsPath: '/kubepods.slice' }],
  [
    `${burstable}/cri-containerd-${C}.scope`,
    pod('Burstable', { runtime: 'containerd', podPath: burstable, containerPath: `${burstable}/cri-containerd-${C}.scope` }),
  ],
  [`/kubepods.slice/kubepods-pod${U_}.slice/docker-${C}.scope`, pod('Guaranteed', { runtime: 'docker' })],
  [
    `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${U_}.slice/docker-${C}.scope`,
    pod('BestEffort', { runtime: 'docker' }),
  ],
  [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${U}.slice/cri-containerd-${C}.scope`,
    pod('Burstable', { runtime: 'containerd' }),
  ],
  [`${burstable}/crio-${C}.scope`, pod('Burstable', { runtime: 'cri-o' })],
  [`${burstable}/crio-${C}.scope/container`, pod('Burstable', { runtime: 'cri-o', containerPath: `${burstable}/crio-${C}.scope` })],
  [`${burstable}/crio-conmon-${C}.scope`, pod('Burstable', { runtime: 'cri-o', monitor: true })],
  [`${burstable}/cri-containerd-${C}.scope/init.scope`, pod('Burstable', { level: 'unit', runtime: 'containerd', unit: 'init.scope' })],
  [
    `${burstable}/cri-containerd-${C}.scope/system.slice/app.service`,
    pod('Burstable', { level: 'unit', runtime: 'containerd', unit: 'app.service' }),
  ],
  [`${burstable}/cri-containerd-${C}.scope/docker/${D}`, pod('Burstable', { level: 'other', runtime: 'containerd' })],
  [`${burstable}/cri-containerd-${C}.scope/my group`, pod('Burstable', { level: 'other', runtime: 'containerd' })],
  // the record was cut in the id
  [`${burstable}/cri-containerd-${C.slice(0, 20)}`, pod('Burstable', { runtime: 'containerd', containerId: C.slice(0, 20) })],
  // the runtime's driver is not the kubelet's
  [
    `/system.slice/containerd.service/kubepods-besteffort-pod${U_}.slice:cri-containerd:${C}`,
    pod('BestEffort', { runtime: 'containerd', unit: 'containerd.service', podPath: null }),
  ],
  [`/kubepods-burstable-pod${U_}.slice:cri-containerd:${C}`, pod('Burstable', { runtime: 'containerd' })],
  [`kubepods-pod${U_}.slice:crio:${C}`, pod('Guaranteed', { runtime: 'cri-o' })],
  [`/system.slice:docker:${C}`, { level: 'container', runtime: 'docker', containerId: C }],
  // nested clusters
  [
    `/docker/${D}/kubelet/kubepods/pod${U}/${C}`,
    pod('Guaranteed', { outer: [`docker ${D}`], kubepodsPath: `/docker/${D}/kubelet/kubepods` }),
  ],
  [
    `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${U_}.slice/cri-containerd-${C}.scope`,
    pod('Burstable', { runtime: 'containerd', kubepodsPath: '/kubelet.slice/kubelet-kubepods.slice' }),
  ],
  [
    `/system.slice/docker-${D}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-pod${U_}.slice/cri-containerd-${C}.scope`,
    pod('BestEffort', { runtime: 'containerd', outer: [`docker ${D}`] }),
  ],
  [
    `/lxc.payload.node1${burstable}/cri-containerd-${C}.scope`,
    pod('Burstable', { runtime: 'containerd', outer: ['lxc node1'], podPath: `/lxc.payload.node1${burstable}` }),
  ],
  [`/lxc/108/ns${burstable}/cri-containerd-${C}.scope`, pod('Burstable', { runtime: 'containerd', outer: ['lxc 108'] })],
  [`${burstable}/cri-containerd-${D}.scope/kubepods/pod${U}/${C}`, pod('Guaranteed', { outer: [`containerd ${D}`] })],
  [`/machine.slice/libpod-${D}.scope/container/kubelet/kubepods/besteffort/pod${U}/${C}`, pod('BestEffort', { outer: [`podman ${D}`] })],
  // seen from inside a cgroup namespace
  [`/../pod${U}/${C}`, { level: 'container', qosClass: null, podUid: U, containerId: C, podPath: `/../pod${U}`, kubepodsPath: null }],
  [`/../../burstable/pod${U}/${C}`, { level: 'container', podUid: U, containerId: C, kubepodsPath: null }],
  // plain containers
  [`/docker/${C}`, { level: 'container', runtime: 'docker', containerId: C, containerPath: `/docker/${C}` }],
  [`/docker/${D}/docker/${C}`, { level: 'container', runtime: 'docker', containerId: C, outer: [`docker ${D}`] }],
  [`/docker/buildx/buildkit/${C}`, { level: 'container', runtime: 'docker', containerId: C }],
  ['/docker/buildkit/qpi0g4x3nk0d9uw1z5c7v2b8m', { level: 'container', runtime: 'docker', containerId: 'qpi0g4x3nk0d9uw1z5c7v2b8m' }],
  [`/system.slice/docker-${C}.scope`, { level: 'container', runtime: 'docker', containerId: C }],
  [`/system.slice/docker-${C}.scope/system.slice/cron.service`, { level: 'unit', runtime: 'docker', containerId: C, unit: 'cron.service' }],
  [`/machine.slice/libpod-${C}.scope`, { level: 'container', runtime: 'podman', containerId: C }],
  [
    `/machine.slice/libpod-${C}.scope/container`,
    { level: 'container', runtime: 'podman', containerId: C, containerPath: `/machine.slice/libpod-${C}.scope` },
  ],
  [
    `/machine.slice/machine-libpod_pod_${D}.slice`,
    { level: 'pod', runtime: 'podman', podUid: D, podPath: `/machine.slice/machine-libpod_pod_${D}.slice` },
  ],
  [`/machine.slice/machine-libpod_pod_${D}.slice/libpod-${C}.scope`, { level: 'container', runtime: 'podman', podUid: D, containerId: C }],
  [
    `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${C}.scope/container`,
    { level: 'container', runtime: 'podman', containerId: C, unit: 'user@1000.service' },
  ],
  [`/system.slice/foo.service/libpod-payload-${C}`, { level: 'container', runtime: 'podman', containerId: C, unit: 'foo.service' }],
  [`/machine.slice/libpod-conmon-${C}.scope`, { level: 'container', runtime: 'podman', containerId: C, monitor: true }],
  [`/libpod_parent/libpod-${C}`, { level: 'container', runtime: 'podman', containerId: C }],
  [`/k8s.io/${C}`, { level: 'container', runtime: 'containerd', containerId: C }],
  ['/k8s.io/my-test', { level: 'container', runtime: 'containerd', containerId: 'my-test' }],
  [`/default/${C}`, { level: 'container', runtime: 'containerd', containerId: C }],
  [`/buildstuff/${C}`, { level: 'container', containerId: C }],
  [`/system.slice/nerdctl-${C}.scope`, { level: 'container', runtime: 'containerd', containerId: C }],
  // machines
  ['/machine.slice/machine-web\\x2d1.scope/payload', { level: 'container', containerId: 'web-1', unit: 'machine-web\\x2d1.scope' }],
  ['/machine.slice/systemd-nspawn@web.service/payload', { level: 'container', containerId: 'web', unit: 'systemd-nspawn@web.service' }],
  [
    '/machine.slice/systemd-nspawn@web.service/supervisor',
    { level: 'container', containerId: 'web', monitor: true, unit: 'systemd-nspawn@web.service' },
  ],
  ['/machine.slice/machine-qemu\\x2d1\\x2dvm.scope', { level: 'vm', unit: 'machine-qemu\\x2d1\\x2dvm.scope' }],
  ['/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/emulator', { level: 'vm', unit: 'machine-qemu\\x2d1\\x2dvm.scope' }],
  [
    '/machine.slice/machine-lxc\\x2d7\\x2dold.scope',
    { level: 'container', runtime: 'lxc', containerId: 'old', unit: 'machine-lxc\\x2d7\\x2dold.scope' },
  ],
  ['/qemu.slice/100.scope', { level: 'vm', unit: '100.scope' }],
  // LXC
  [
    '/lxc/107/ns/system.slice/paperless-task-queue.service',
    { level: 'unit', runtime: 'lxc', containerId: '107', unit: 'paperless-task-queue.service' },
  ],
  ['/lxc/107', { level: 'container', runtime: 'lxc', containerId: '107' }],
  ['/lxc/108/ns/.lxc', { level: 'container', runtime: 'lxc', containerId: '108', containerPath: '/lxc/108' }],
  ['/lxc/203/system.slice/x.service', { level: 'unit', runtime: 'lxc', containerId: '203', unit: 'x.service' }],
  ['/lxc.payload.c1/init.scope', { level: 'unit', runtime: 'lxc', containerId: 'c1', unit: 'init.scope' }],
  ['/lxc.monitor.c1', { level: 'container', runtime: 'lxc', containerId: 'c1', monitor: true }],
  [`/lxc/107/ns/system.slice/docker-${C}.scope`, { level: 'container', runtime: 'docker', containerId: C, outer: ['lxc 107'] }],
  // other schedulers
  [`/ecs/${T}/${C}`, { level: 'container', containerId: C, job: T }],
  [`/ecs/${T}/${T}-1234567890`, { level: 'container', containerId: `${T}-1234567890`, job: T }],
  [`/ecstasks.slice/ecstasks-${T}.slice`, { level: 'slice', job: T, unit: `ecstasks-${T}.slice` }],
  [`/ecstasks.slice/ecstasks-${T}.slice/docker-${C}.scope`, { level: 'container', runtime: 'docker', containerId: C, job: T }],
  [`/nomad.slice/share.slice/${U}.web.scope`, { level: 'container', containerId: 'web', job: U, unit: `${U}.web.scope` }],
  [`/nomad.slice/${U}.web.scope`, { level: 'container', containerId: 'web', job: U, unit: `${U}.web.scope` }],
  ['/slurm/uid_1000/job_123/step_0/task_0', { level: 'slurm-job', job: '123' }],
  ['/slurm_node7/uid_1000/job_123', { level: 'slurm-job', job: '123' }],
  ['/system.slice/slurmstepd.scope/job_123/step_batch/user/task_0', { level: 'slurm-job', job: '123', unit: 'slurmstepd.scope' }],
  ['/system.slice/node7_slurmstepd.scope/job_9/step_0', { level: 'slurm-job', job: '9', unit: 'node7_slurmstepd.scope' }],
  [
    '/hadoop-yarn/container_e17_1410901177871_0001_01_000005',
    { level: 'container', containerId: 'container_e17_1410901177871_0001_01_000005', job: 'application_1410901177871_0001' },
  ],
  ['/garden/3f9a-handle', { level: 'container', containerId: '3f9a-handle' }],
  [`/mesos/${U}`, { level: 'container', containerId: U }],
  // plain systemd
  ['/system.slice/postgresql@14-main.service', { level: 'unit', unit: 'postgresql@14-main.service' }],
  ['/system.slice/system-backup\\x2djob.slice/backup\\x2djob@db\\x2d1.service', { level: 'unit', unit: 'backup\\x2djob@db\\x2d1.service' }],
  ['/user.slice/user-1000.slice/session-3.scope', { level: 'user-session', unit: 'session-3.scope' }],
  ['/user.slice/user-1000.slice/session-c2.scope', { level: 'user-session', unit: 'session-c2.scope' }],
  ['/user.slice/user-1000.slice', { level: 'slice', unit: 'user-1000.slice' }],
  ['/user.slice/user-1000.slice/user@1000.service/app.slice/tmux-spawn-5931.scope', { level: 'unit', unit: 'tmux-spawn-5931.scope' }],
  ['/system.slice/foo.service/worker', { level: 'other', unit: 'foo.service' }],
  ['/batch.slice', { level: 'slice', unit: 'batch.slice' }],
  ['/init.scope', { level: 'unit', unit: 'init.scope' }],
  ['/', { level: 'root' }],
  ['', { level: 'root' }],
  ['/podruntime/kubelet', { level: 'other' }],
  ['/init', { level: 'other' }],
  // kubepods: the levels' own paths, and what is below them
  ['/kubepods-burstable.slice', { level: 'qos', qosClass: 'Burstable', kubepodsPath: null, containerPath: null }],
  ['/kubelet.service/kubepods-besteffort.slice', { level: 'qos', qosClass: 'BestEffort', kubepodsPath: null }],
  ['/kubepods/burstable/podweb-7', { level: 'pod', qosClass: 'Burstable', podUid: 'web-7', kubepodsPath: '/kubepods' }],
  ['/kubepods/podweb-7', { level: 'pod', qosClass: 'Guaranteed', podUid: 'web-7' }],
  ['/kubepods/burstable/pod', { level: 'other', podUid: null, qosClass: 'Burstable' }],
  ['/pods/burstable', { level: 'other' }],
  [`/pod${T}/${C}`, { level: 'container', podUid: T, staticPod: true, containerId: C }],
  [`/kubepods.slice/kubepods-pod${'a'.repeat(81)}.slice`, { level: 'slice', unit: `kubepods-pod${'a'.repeat(81)}.slice` }],
  [`/kubepods.slice/kubepods-podweb_7.slice`, { level: 'pod', qosClass: 'Guaranteed', podUid: 'web-7' }],
  ['/kubepods.slice/my group', { level: 'other', kubepodsPath: '/kubepods.slice' }],
  // a cluster inside a pod's container: its kubepods are another node's, whichever part of the inner path is there
  [
    `${burstable}/cri-containerd-${D}.scope/kubepods-besteffort.slice/kubepods-besteffort-pod${T}.slice/docker-${C}.scope`,
    {
      ...pod('BestEffort', { runtime: 'docker', podUid: T, staticPod: true, outer: [`containerd ${D}`], kubepodsPath: null }),
    },
  ],
  [
    `${burstable}/cri-containerd-${D}.scope/kubepods`,
    { level: 'kubepods', outer: [`containerd ${D}`], podPath: null, containerPath: null },
  ],
  [
    `/kubepods/burstable/pod${T}/${D}/pod${U}/${C}`,
    pod(null, { outer: [D], podPath: `/kubepods/burstable/pod${T}/${D}/pod${U}`, kubepodsPath: null }),
  ],
  [`/lxc/108/pod${U}/${C}`, pod(null, { outer: ['lxc 108'], podPath: `/lxc/108/pod${U}` })],
  [`/lxc/108/pod${U}`, { level: 'pod', podUid: U, outer: ['lxc 108'], containerPath: null }],
  [`/docker/${D}/kubelet/kubepods/burstable/pod${U}/${C}`, pod('Burstable', { outer: [`docker ${D}`] })],
  // a runtime's monitor, a job, a unit of what is around are not the inner one's
  [`/lxc.monitor.c1/docker/${C}`, { level: 'container', runtime: 'docker', containerId: C, outer: ['lxc c1'] }],
  [`/nomad.slice/${U}.web.scope/docker/${C}`, { level: 'container', runtime: 'docker', containerId: C, outer: ['web'] }],
  // what stands in a pod's container is of the pod
  [
    `${burstable}/cri-containerd-${C}.scope/machine-libpod_pod_${D}.slice`,
    pod('Burstable', { level: 'slice', runtime: 'containerd', unit: `machine-libpod_pod_${D}.slice` }),
  ],
  [`${burstable}/cri-containerd-${C}.scope/supervisor`, pod('Burstable', { runtime: 'containerd', monitor: true })],
  [`${burstable}/cri-containerd-${C}.scope/uid_7/job_8`, pod('Burstable', { level: 'other', runtime: 'containerd' })],
  [
    `${burstable}/cri-containerd-${C}.scope/qemu.slice/100.scope`,
    pod('Burstable', { level: 'slice', runtime: 'containerd', unit: 'qemu.slice' }),
  ],
  // groups of runtimes' own, only in a container
  ['/system.slice/foo.service/container', { level: 'other', unit: 'foo.service' }],
  ['/system.slice/foo.service/supervisor', { level: 'other', unit: 'foo.service' }],
  [`/docker/${C}/payload`, { level: 'container', runtime: 'docker', containerId: C }],
  [`/docker/${C}/other`, { level: 'other', runtime: 'docker', containerId: C }],
  // above the namespace: unknown
  ['/..', { level: 'other' }],
  ['/../init.scope', { level: 'unit', unit: 'init.scope' }],
  // ids: 12 to 64 digits, and more than 32 where nothing else says what it is
  [`/docker/${C.slice(0, 11)}`, { level: 'other' }],
  [`/docker/${C.slice(0, 12)}`, { level: 'container', runtime: 'docker', containerId: C.slice(0, 12) }],
  [`/docker/${C}0`, { level: 'other' }],
  [`/docker/${C.toUpperCase()}`, { level: 'other' }],
  [`/docker-${C.slice(0, 11)}.scope`, { level: 'unit', unit: `docker-${C.slice(0, 11)}.scope` }],
  [`/kubepods/pod${U}/${C.slice(0, 11)}`, { level: 'other', podUid: U, qosClass: 'Guaranteed' }],
  [`/kubepods/pod${U}/${T}-1`, { level: 'container', podUid: U, qosClass: 'Guaranteed', containerId: `${T}-1` }],
  [`/${C}`, { level: 'container', containerId: C }],
  [`/${T}`, { level: 'other' }],
  [`/a/${T}`, { level: 'other' }],
  [`/a/${T}0`, { level: 'container', containerId: `${T}0` }],
  ['/a/not-an-id-but-as-long-as-one-of-33', { level: 'other' }],
  [`/system.slice/${C}`, { level: 'other', unit: 'system.slice' }],
  [`/system.slice/foo.service/${C}`, { level: 'other', unit: 'foo.service' }],
  [`/user.slice/a/${C}`, { level: 'container', containerId: C, unit: null }],
  // a place that names what is in it
  ['/buildkit/qpi0g4x3nk0', { level: 'other' }],
  ['/lxc.payload/c1', { level: 'container', runtime: 'lxc', containerId: 'c1' }],
  ['/lxc.monitor/c1', { level: 'container', runtime: 'lxc', containerId: 'c1', monitor: true }],
  ['/lxcfs/107', { level: 'other' }],
  ['/lxc.payload.', { level: 'other' }],
  [`/ecs/${U}/${C}`, { level: 'container', containerId: C, job: U }],
  [`/ecs/${U}`, { level: 'other', job: U }],
  ['/ecs/agent', { level: 'other' }],
  [`/a/ecstasks-${T}.slice`, { level: 'slice', unit: `ecstasks-${T}.slice` }],
  [`/ecstasks.slice/ecstasks-${T}0.slice`, { level: 'slice', unit: `ecstasks-${T}0.slice` }],
  [`/nomad.slice/reserve.slice/${U}.web.v2.scope`, { level: 'container', containerId: 'web.v2', job: U, unit: `${U}.web.v2.scope` }],
  [`/system.slice/${U}.web.scope`, { level: 'unit', unit: `${U}.web.scope` }],
  [`/nomad.slice/${U}.scope`, { level: 'unit', unit: `${U}.scope` }],
  ['/slurm/uid_1000/job_x', { level: 'other' }],
  ['/slurm/uid_x/job_1', { level: 'other' }],
  ['/system.slice/slurmstepd.scope/system.slice', { level: 'slice', unit: 'slurmstepd.scope' }],
  ['/slurm/uid_1/job_2/step_0/a.service', { level: 'slurm-job', job: '2', unit: null }],
  [
    '/hadoop-yarn/container_1410901177871_0001_01_000005',
    { level: 'container', containerId: 'container_1410901177871_0001_01_000005', job: 'application_1410901177871_0001' },
  ],
  ['/hadoop-yarn/container_1410901177871_0001_01', { level: 'other' }],
  ['/gardener/x', { level: 'other' }],
  ['/mesos/agent', { level: 'other' }],
  ['/moby/my-test', { level: 'container', runtime: 'containerd', containerId: 'my-test' }],
  ['/default/my-test', { level: 'other' }],
  ['/qemu.slice/web.scope', { level: 'unit', unit: 'web.scope' }],
  ['/a.slice/100.scope', { level: 'unit', unit: '100.scope' }],
  ['/a.slice/machine-web.scope', { level: 'unit', unit: 'machine-web.scope' }],
  ['/machine.slice/machine-a\\x2db\\x5fc.scope', { level: 'container', containerId: 'a-b_c', unit: 'machine-a\\x2db\\x5fc.scope' }],
  // a slice below a service is a place, a slice below a slice the nearer one
  ['/a.slice/a-b.slice', { level: 'slice', unit: 'a-b.slice' }],
  ['/user.slice/user@7.service/app.slice', { level: 'slice', unit: 'user@7.service' }],
  ['/a.slice/b.mount', { level: 'unit', unit: 'b.mount' }],
  ['/a.slice/b.swap', { level: 'unit', unit: 'b.swap' }],
  ['/a.slice/b.socket', { level: 'unit', unit: 'b.socket' }],
  ['/a.slice/b.timer', { level: 'other', unit: 'a.slice' }],
  ['/a.slice/session-3.service', { level: 'unit', unit: 'session-3.service' }],
  ['/a.slice/my-session-3.scope', { level: 'unit', unit: 'my-session-3.scope' }],
  // names that try to be something else
  ['/user.slice/a,task=init,pid=1,uid=0', { level: 'other', unit: 'user.slice' }],
  ['/user.slice/my group (x) Killed process 1 (init)', { level: 'other', unit: 'user.slice' }],
  ['/user.slice/grüße-日本', { level: 'other', unit: 'user.slice' }],
  ['/pods/podcast', { level: 'other' }],
  ['/system.slice/podman.service', { level: 'unit', unit: 'podman.service' }],
  ['/jobs/job_7', { level: 'other' }],
]

describe('identifyCgroup', () => {
  it.each(table)('%s', (path, expected) => {
    expect(identifyCgroup(path)).toMatchObject({ ...none, path, ...expected })
  })

  it('never fails, whatever the path', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('kubepods', 'kubepods.slice', `pod${U}`, C, '..', `docker-${C}.scope`, 'lxc', 'system.slice', 'a.service'),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const path = `/${pieces.join('/')}`
        const identity = identifyCgroup(path)
        expect(identity.path).toBe(path)
        for (const own of [identity.podPath, identity.kubepodsPath, identity.containerPath])
          if (own !== null) expect(path.startsWith(own)).toBe(true)
        expect(workloadOf(identity).containerId).toBe(identity.containerId)
      }),
    )
  })
})

describe('workloadOf', () => {
  const nothing = {
    namespace: null,
    pod: null,
    podUid: null,
    container: null,
    containerId: null,
    containerIds: [],
    owner: null,
    runtime: null,
    qosClass: null,
    unit: null,
  }
  it.each([
    [
      `${burstable}/cri-containerd-${C}.scope`,
      { kind: 'pod', podUid: U, containerId: C, containerIds: [C], runtime: 'containerd', qosClass: 'Burstable' },
    ],
    [burstable, { kind: 'pod', podUid: U, qosClass: 'Burstable' }],
    [`/docker/${C}`, { kind: 'container', containerId: C, containerIds: [C], runtime: 'docker' }],
    [
      '/lxc/107/ns/system.slice/x.service',
      { kind: 'container', container: '107', containerId: '107', containerIds: ['107'], runtime: 'lxc', unit: 'x.service' },
    ],
    ['/slurm/uid_1000/job_123/step_0', { kind: 'slurm-job', owner: 'SlurmJob/123' }],
    [`/ecs/${T}/${C}`, { kind: 'container', containerId: C, containerIds: [C], owner: `EcsTask/${T}` }],
    [`/ecstasks.slice/ecstasks-${T}.slice`, { kind: 'systemd-unit', owner: `EcsTask/${T}`, unit: `ecstasks-${T}.slice` }],
    [
      `/nomad.slice/share.slice/${U}.web.scope`,
      {
        kind: 'container',
        container: 'web',
        containerId: 'web',
        containerIds: ['web'],
        owner: `NomadAllocation/${U}`,
        unit: `${U}.web.scope`,
      },
    ],
    [
      `/ecs/${T}/${T}-1234567890`,
      { kind: 'container', containerId: `${T}-1234567890`, containerIds: [`${T}-1234567890`], owner: `EcsTask/${T}` },
    ],
    [`/mesos/${U}`, { kind: 'container', containerId: U, containerIds: [U] }],
    // Letters of a hex number and a dash make no id.
    [
      '/lxc/feed-facade-db',
      { kind: 'container', container: 'feed-facade-db', containerId: 'feed-facade-db', containerIds: ['feed-facade-db'], runtime: 'lxc' },
    ],
    ['/garden/3f9a-handle', { kind: 'container', container: '3f9a-handle', containerId: '3f9a-handle', containerIds: ['3f9a-handle'] }],
    [`/docker/${C.slice(0, 12)}`, { kind: 'container', containerId: C.slice(0, 12), containerIds: [C.slice(0, 12)], runtime: 'docker' }],
    [
      '/lxc/dead-beef',
      { kind: 'container', container: 'dead-beef', containerId: 'dead-beef', containerIds: ['dead-beef'], runtime: 'lxc' },
    ],
    [
      '/hadoop-yarn/container_1410901177871_0001_01_000005',
      {
        kind: 'container',
        container: 'container_1410901177871_0001_01_000005',
        containerId: 'container_1410901177871_0001_01_000005',
        containerIds: ['container_1410901177871_0001_01_000005'],
        owner: 'YarnApplication/application_1410901177871_0001',
      },
    ],
    [
      `/ecstasks.slice/ecstasks-${T}.slice/docker-${C}.scope`,
      { kind: 'container', containerId: C, containerIds: [C], runtime: 'docker', owner: `EcsTask/${T}` },
    ],
    [`/machine.slice/machine-libpod_pod_${D}.slice`, { kind: 'process', podUid: D, runtime: 'podman' }],
    [
      `/machine.slice/machine-libpod_pod_${D}.slice/libpod-${C}.scope`,
      { kind: 'container', podUid: D, containerId: C, containerIds: [C], runtime: 'podman' },
    ],
    [
      `/slurm/uid_1/job_2/step_0/docker/${C}`,
      { kind: 'container', containerId: C, containerIds: [C], runtime: 'docker', owner: 'SlurmJob/2' },
    ],
    ['/batch.slice', { kind: 'systemd-unit', unit: 'batch.slice' }],
    ['/batch.slice/a.scope', { kind: 'systemd-unit', unit: 'a.scope' }],
    ['/machine.slice/machine-qemu\\x2d1\\x2dvm.scope', { kind: 'systemd-unit', unit: 'machine-qemu\\x2d1\\x2dvm.scope' }],
    ['/user.slice/user-1000.slice/session-3.scope', { kind: 'user-session', unit: 'session-3.scope' }],
    ['/system.slice/nginx.service', { kind: 'systemd-unit', unit: 'nginx.service' }],
    ['/system.slice/nginx.service/worker', { kind: 'systemd-unit', unit: 'nginx.service' }],
    ['/user.slice/grüße-日本', { kind: 'process', unit: 'user.slice' }],
    ['/', { kind: 'process' }],
    ['/kubepods', { kind: 'process' }],
  ])('%s', (path, expected) => {
    expect(workloadOf(identifyCgroup(path))).toEqual({ ...nothing, ...expected })
  })
})
