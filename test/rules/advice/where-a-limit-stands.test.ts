import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { CgroupIdentity } from '../../../src/model/figures.ts'
import type { Workload } from '../../../src/model/incident.ts'
import { injectedLimit } from '../../../src/rules/advice/injected.ts'
import { effectOf, isOfOperator } from '../../../src/rules/advice/set-limit.ts'
import { isStaticPod, targetOf } from '../../../src/rules/advice/target.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { counter } from '../../kernel/make-dump.ts'
import { factsWith, MIB } from '../facts-with.ts'
import { ID, killed, makeContainer, makePod, memcgDump, placed, podWorkload } from '../make-incident.ts'
import { group, inside, set } from './in-groups.ts'

describe('where a limit is set', () => {
  test('on the owner of the pod, whose template can be changed', () => {
    expect(set(inside())).toBe(
      'kubectl set resources -n shop deployment/api -c api --limits=memory=96Mi # Rolls every replica. Lost at the next deploy unless the manifest is changed too.',
    )
    for (const kind of ['StatefulSet', 'DaemonSet', 'CronJob', 'ReplicaSet', 'ReplicationController', 'DeploymentConfig'])
      expect(set(inside({ owner: `${kind}/api` }))).toContain(`set resources -n shop ${kind.toLowerCase()}/api`)
    expect(set(inside({ owner: 'Job/api' }))).toMatch(/^null # A Job's template cannot be changed/)
    expect(set(inside({ owner: 'Thing/api' }))).toMatch(/^null # Thing\/api makes this pod/)
    const guaranteed = { pod: makePod([], { qosClass: 'Guaranteed' }) }
    expect(set(inside({}, guaranteed))).toContain('--limits=memory=96Mi --requests=memory=96Mi')
  })
  test('on a static pod by its file', () => {
    expect(set(inside({ owner: 'Node/node-1' }, { pod: makePod([], { owner: 'Node/node-1' }) }))).toMatch(/^null # The pod is static/)
    expect(isStaticPod(inside({}, { pod: null, victimCgroup: { staticPod: true } as never }))).toBe(true)
    expect(isStaticPod(inside({}, { pod: null, victimCgroup: { staticPod: false } as never }))).toBe(false)
  })
  test('on the pod as a whole, where its specification has one', () => {
    const limitCgroup = { level: 'pod', podUid: 'u', unit: null, runtime: null } as never
    const pod = makePod([], { limitBytes: { value: 5, quote: null } as never })
    expect(set(inside({}, { limitCgroup, pod }))).toContain(
      `kubectl patch -n shop deployment/api --type=merge -p '{"spec":{"template":{"spec":{"resources":`,
    )
    expect(set(inside({ owner: 'CronJob/api' }, { limitCgroup, pod }))).toMatch(/^null # Set it where the pod's template is kept/)
    expect(set(inside({ owner: null }, { limitCgroup, pod: { ...pod, owner: null } }))).toMatch(
      /^null # Set it where the pod's template is kept/,
    )
    expect(set(inside({}, { limitCgroup, pod: makePod([]) }))).toContain('set resources')
    expect(set(inside({}, { limitCgroup: { ...(limitCgroup as object), level: 'container', containerId: null } as never, pod }))).toContain(
      'set resources',
    )
  })
  test('on a pod that nobody owns in place, from 1.33 on', () => {
    const bare = (kubeletVersion: string | null, more: Partial<IncidentFacts> = {}, workload: Partial<Workload> = {}) =>
      set(inside({ owner: null, ...workload }, { node: { kubeletVersion } as never, pod: makePod([], { owner: null }), ...more }))
    expect(bare('v1.33.0')).toMatch(
      /^kubectl patch pod -n shop api-7c9d4 --subresource resize --patch '\{"spec":\{"containers":\[\{"name":"api",/,
    )
    expect(bare('v1.32.9')).toMatch(/^null # Set it where the pod is made, and make it anew: a pod's limit is fixed at its start here/)
    expect(bare(null)).toContain('from Kubernetes 1.33 on')
    expect(set(inside({ owner: 'Pod/driver' }, { node: { kubeletVersion: 'v1.33.0' } as never }))).toContain('--subresource resize')
    expect(bare('v1.33.0', { container: null }, { container: null })).toContain('from Kubernetes 1.33 on')
    const resized = placed(-9, { kind: 'object-event', reason: 'ResizeCompleted', name: 'api', message: '', firstUs: null } as never)
    const facts = inside({ owner: null }, { pod: makePod([], { owner: null }), node: { kubeletVersion: 'v1.30.0' } as never })
    expect(set({ ...facts, context: { ...facts.context, all: [resized] } })).toContain('--subresource resize')
  })
  test('where an operator makes it, on what it makes it from', () => {
    const by = (managedBy: string | null) => inside({}, { pod: makePod([], { managedBy }) })
    expect(set(by('some-operator'))).toMatch(/^kubectl get -n shop deployment\/api -o jsonpath=.* \(look first\)$/)
    expect(['an-Operator', 'x-controller', 'envoy-gateway', 'cert-manager', 'Helm', 'argocd'].map((one) => isOfOperator(by(one)))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ])
    expect(isOfOperator(inside({}, { pod: null }))).toBe(false)
    expect(set(by('Helm'))).toContain('The next helm upgrade overwrites it')
    expect(set(by('argocd'))).toContain('argocd overwrites it')
  })
  test('and how long it lasts there', () => {
    const rolls = (owner: string) => {
      const facts = inside({ owner }, { pod: null })
      return plainPhrase(effectOf(facts, targetOf(facts) as never)).split('. ')[0]
    }
    expect(['CronJob/a', 'DaemonSet/a', 'Deployment/a'].map(rolls)).toEqual([
      'Holds for the next run',
      'Replaces the pod on every node, one after another',
      'Rolls every replica',
    ])
  })
  test('of a container that a webhook put in, by its annotation', () => {
    const pod = makePod([makeContainer(), makeContainer({ name: 'istio-proxy' })])
    const of = (owner: string, more: Partial<IncidentFacts> = {}, container = 'istio-proxy') => {
      const facts = inside({ owner, container }, { pod, container: makeContainer({ name: container }), ...more })
      return injectedLimit(facts, targetOf(facts) as never, 96 * MIB)
    }
    expect(of('Deployment/api')?.command).toContain(`"sidecar.istio.io/proxyMemoryLimit":"96Mi","sidecar.istio.io/proxyMemory":"96Mi"`)
    expect([of('CronJob/api')?.command, of('Job/api')?.command]).toEqual([null, null])
    expect(of('Deployment/api', {}, 'api')).toBeNull()
    expect(of('Deployment/gw', { pod: makePod([makeContainer({ name: 'istio-proxy' })]) })).toBeNull()
    expect(
      of('Deployment/gw', { pod: makePod([makeContainer({ name: 'istio-proxy' }), makeContainer({ name: 'x', type: 'init' })]) }),
    ).toBeNull()
    expect(of('Deployment/gw', { pod: null })).toBeNull()
  })
  test('of a unit, a slice and a session by systemd', () => {
    expect(set(group('/system.slice/web.service'))).toMatch(
      /^systemctl set-property web\.service MemoryMax=96M # In force at once, without a restart, and kept in a drop-in/,
    )
    expect(set(group('/web.slice'))).toContain('systemctl set-property web.slice')
    expect(set(group('/system.slice/systemd-nspawn@web.service'))).toContain('set-property systemd-nspawn@web.service')
    expect(set(group('/machine.slice/machine-web.scope'))).toContain('set-property machine-web.scope')
    const unit = (more: Partial<CgroupIdentity>) =>
      set(
        group('/x', {
          victimCgroup: null,
          limitCgroup: { level: 'unit', unit: 'web.service', containerId: null, runtime: null, podUid: null, path: '/x', ...more } as never,
        }),
      )
    expect(unit({})).toContain('set-property web.service')
    expect(unit({ containerId: ID })).toMatch(/^null/)
    expect(unit({ level: 'container' })).toMatch(/^null/)
    expect(unit({ level: 'user-session' })).toContain('set-property')
    expect(unit({ level: 'container', containerId: 'web', unit: 'machine-web.scope' })).toContain('set-property machine-web.scope')
    expect(unit({ level: 'container', containerId: 'web', unit: 'machine-web.scope', runtime: 'docker' as never })).not.toContain(
      'set-property',
    )
  })
  test('of a pod’s process whose limit is a unit’s, by that unit', () => {
    const limitCgroup = { level: 'unit', unit: 'kubelet.service', containerId: null, runtime: null, podUid: null, path: '/k' } as never
    expect(set(inside({ kind: 'process' as never }, { limitCgroup }))).toContain('set-property kubelet.service')
    expect(set(inside({}, { limitCgroup }))).toMatch(/^null # Set it where the pod's template is kept/)
  })
  test('of a container by docker and podman, with the swap that it may use', () => {
    const docker = `/docker/${ID}`
    expect(set(group(docker, {}, { swap: counter(0, 20 * 1024) }))).toContain(
      `docker update --memory 96m --memory-swap 116m ${ID.slice(0, 12)}`,
    )
    const both = (kib: number | null) => set(group(docker, {}, { swap: null, memorySwap: kib === null ? null : counter(0, kib) }))
    expect(both(81920 + 20 * 1024)).toContain('--memory 96m --memory-swap 116m')
    expect(both(81920 - 1024)).toContain('--memory-swap 96m')
    expect(both(null)).toContain('--memory-swap 96m')
    expect(set(group(docker, {}, { swap: null, memory: null, memorySwap: counter(0, 1024) }))).toContain('--memory-swap 96m')
    expect(set(group(`/machine.slice/libpod-${ID}.scope`))).toContain('podman update')
    expect(set(group(`/x/cri-containerd-${ID}.scope`))).toMatch(/^null # In force when the group is set up anew/)
    expect(set(group('/anything'))).toMatch(/^null # In force when/)
  })
  test('of a job by submitting it again, elsewhere by its own definition', () => {
    expect(set(group('/slurm/uid_1000/job_77'))).toContain('scontrol write batch_script 77 job-77.sh && sbatch --mem=96M job-77.sh')
    expect(set(group('/x', { limitCgroup: { level: 'slurm-job', job: null, containerId: null } as never }))).toMatch(
      /^null # In force for the next submission/,
    )
    const owned = (owner: string) =>
      set(
        factsWith(killed(memcgDump(), {}, { workload: { ...podWorkload, kind: 'container' as never, pod: null, podUid: null, owner } }), {
          limitCgroup: { level: 'container', containerId: ID, runtime: 'docker', podUid: null } as never,
          pod: null,
        }),
      )
    expect(owned('EcsTask/a')).toContain('in a new revision of the task definition')
    expect(owned('NomadAllocation/a')).toContain('of the job file')
  })
  test('of a virtual machine and a system container by what runs them', () => {
    expect(set(group('/machine.slice/machine-qemu\\x2d3\\x2dweb.scope'))).toMatch(/^virsh memtune web --hard-limit 98304 --live --config/)
    expect(set(group('/lxc.payload.web'))).toMatch(/^lxc config set web limits\.memory 96MiB # In force at once, without a restart\. Kept/)
    expect(set(group('/lxc.payload.web/system.slice/a.service'))).toMatch(
      /^lxc exec web -- systemctl set-property a\.service MemoryMax=96M/,
    )
  })
})
