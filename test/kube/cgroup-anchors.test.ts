import { describe, expect, it } from 'vitest'
import { guestOfUnit } from '../../src/kube/cgroup-neighbours.ts'
import { identifyCgroup } from '../../src/kube/cgroup-path.ts'
import { isContainerScope } from '../../src/kube/cgroup-shapes.ts'
import { containerOfFieldPath } from '../../src/kube/field-path.ts'
import { isSlurmCpuset } from '../../src/kube/ids.ts'
import { minorOfVersion } from '../../src/kube/version.ts'

// Users name cgroups as they like: a name that only holds a known one is not that one.

const U = '5931aa75-4603-4e65-b552-7c71cf55cfb5'
const C = '25a38b5b8d556d7974b3b9d3a1f0c4e5d6f7081929a3b4c5d6e7f8091a2b3c4d'
const T = '0f3c9d7e6b5a4c3d2e1f0a9b8c7d6e5f'

/** What a path is recognised as: nothing but a unit's or a group's name is left where it is not. */
const recognised = (path: string): boolean => {
  const { level, containerId, podUid, job, qosClass, kubepodsPath } = identifyCgroup(path)
  return level === 'vm' || [containerId, podUid, job, qosClass, kubepodsPath].some((one) => one !== null)
}

describe('a place and what is in it', () => {
  // `free`: any name will do in that place
  it.each<[place: string, component: string, free?: 'free']>([
    ['docker', C.slice(0, 20)],
    ['buildkit', 'qpi0g4x3nk0d9uw1z5c7v2b8m'],
    ['lxc', '107', 'free'],
    ['lxc.monitor', 'c1', 'free'],
    ['ecs', T],
    ['ecstasks.slice', `ecstasks-${T}.slice`],
    ['nomad.slice', `${U}.web.scope`],
    ['uid_7', 'job_8'],
    ['a_slurmstepd.scope', 'job_8'],
    ['garden', 'handle', 'free'],
    ['mesos', U],
    ['k8s.io', 'web', 'free'],
    ['moby', 'web', 'free'],
    ['qemu.slice', '100.scope'],
    ['machine.slice', 'machine-web.scope'],
  ])('/%s/%s', (place, component, free) => {
    expect(recognised(`/${place}/${component}`)).toBe(true)
    // a daemon of slurm's may be named after its node
    const before = place.endsWith('slurmstepd.scope') ? [] : [`/-${place}/${component}`]
    const inside = free === 'free' ? [] : [`/${place}/-${component}`, `/${place}/${component}-`]
    expect([...before, `/${place}-/${component}`, ...inside].filter(recognised)).toEqual([])
  })

  it('containerd’s default namespace needs a whole id', () => {
    expect(identifyCgroup(`/default/${C}`).runtime).toBe('containerd')
    for (const path of [`/-default/${C}`, `/default-/${C}`, `/default/-${C}`, `/default/${C}-`, `/default/${C.slice(1)}`])
      expect(identifyCgroup(path).runtime).toBeNull()
  })
})

describe('a name by itself', () => {
  it.each([
    'lxc.payload.c1',
    'lxc.monitor.c1',
    'container_1410901177871_0001_01_000005',
    'machine-qemu\\x2d1\\x2dvm.scope',
    'machine-lxc\\x2d12\\x2dold.scope',
    'systemd-nspawn@web.service',
    `cri-containerd-${C}.scope`,
    `docker-${C}`,
    `pod${U}`,
    `pod${T}`,
    `libpod_pod_${C}`,
    `libpod_pod_${C}.slice`,
    'kubepods.slice',
    'kubepods-burstable.slice',
    `kubepods-pod${U.replaceAll('-', '_')}.slice`,
    `a.slice:crio:${C}`,
  ])('%s', (name) => {
    expect(recognised(`/${name}`)).toBe(true)
    // in the names of LXC, of slices and of their users, more may stand behind or before
    const open = /^lxc/.test(name) ? [`/_${name}`] : /kubepods|libpod_pod|^a\./.test(name) ? [`/${name}_`] : [`/_${name}`, `/${name}_`]
    expect(open.filter(recognised)).toEqual([])
  })

  it.each([`_kubepods.slice`, '_kubepods-burstable.slice', `_kubepods-pod${U}.slice`, `_libpod_pod_${C}`, `a:b.slice:crio:${C}`])(
    '%s',
    (name) => {
      expect(recognised(`/${name}`)).toBe(false)
    },
  )

  it.each([`a${T}-1`, `${T}-1a`, `${T}-`])('%s is no id of a container', (name) => {
    expect(identifyCgroup(`/kubepods/pod${U}/${name}`).containerId).toBeNull()
  })

  it.each([
    [T, true],
    [`${T}0`, false],
    [`x${T}`, false],
  ])('the pod %s: static %s', (uid, isStatic) => {
    expect(identifyCgroup(`/kubepods/pod${uid}`).staticPod).toBe(isStatic)
  })

  it.each([
    ['cri-containerd', 'containerd'],
    ['containerd', 'containerd'],
    ['nerdctl', 'containerd'],
    ['docker', 'docker'],
    ['cri-dockerd', 'docker'],
    ['crio', 'cri-o'],
    ['crio-conmon', 'cri-o'],
    ['libpod', 'podman'],
    ['libpod-conmon', 'podman'],
    ['libpod-payload', 'podman'],
    ['kata', null],
  ])('%s', (prefix, runtime) => {
    expect(identifyCgroup(`/a.slice/${prefix}-${C}.scope`)).toMatchObject({ containerId: C, runtime, monitor: prefix.endsWith('-conmon') })
  })
})

it.each([
  [`docker-${C}.scope`, true],
  [`docker-${C.slice(0, 12)}.scope`, true],
  [`docker-${C.slice(0, 11)}.scope`, false],
  [`docker-${C}.scope.d`, false],
  [`docker-${C}.service`, false],
  ['session-3.scope', false],
])('the unit %s is of one container: %s', (unit, is) => {
  expect(isContainerScope(unit)).toBe(is)
})

it('nor is a field, a cpuset or a version', () => {
  expect(containerOfFieldPath('my.spec.containers{app}')).toBeNull()
  expect(isSlurmCpuset('my_step_0')).toBe(false)
  expect(minorOfVersion('x1.20.3')).toBeNull()
})

describe('guestOfUnit', () => {
  it.each([
    [String.raw`machine-qemu\x2d1\x2dvm1.scope`, 'vm1'],
    [String.raw`machine-qemu\x2d12\x2dweb\x2dfront.scope`, 'web-front'],
    // a guest's start number, which is not the guest
    [String.raw`machine-qemu\x2d1.scope`, null],
    [String.raw`machine-qemu\x2dvm1.scope`, null],
    // not libvirt's
    [String.raw`machine-lxc\x2d1\x2dvm1.scope`, null],
    ['machine-vm1.scope', null],
    ['qemu-kvm.service', null],
    [null, null],
  ])('%s', (unit, guest) => expect(guestOfUnit(unit)).toBe(guest))
})
