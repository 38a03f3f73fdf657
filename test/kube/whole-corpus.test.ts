import { join } from 'node:path'
import { expect, it } from 'vitest'
import { identifyCgroup } from '../../src/kube/cgroup-path.ts'
import { describeWholeCorpus, filesBelow, readJson } from '../corpus.ts'

interface Truth {
  readonly pod_uid?: string
  readonly container_id?: string
  readonly container_runtime?: string
  readonly qos?: string
  readonly kills: readonly { readonly victim: { readonly task_cgroup: string }; readonly oom_memcg: string | null }[]
}

interface Expectation {
  readonly kills?: readonly { readonly taskMemcg?: string; readonly oomMemcg?: string }[]
  readonly workload?: {
    readonly podUid?: string
    readonly containerId?: string
    readonly runtime?: string
    readonly qosClass?: string
    readonly unit?: string
  }
}

/** Where the limit of an incident may lie, by what the path denotes. */
const LEVELS: Readonly<Record<string, readonly string[]>> = {
  'container-limit': ['container'],
  'pod-limit': ['pod'],
  'allocatable-limit': ['kubepods'],
  'unit-limit': ['unit', 'slice', 'user-session', 'vm'],
  'cgroup-limit': ['other', 'unit', 'container', 'vm', 'slice', 'slurm-job'],
}

describeWholeCorpus('cgroup paths of the corpus', (root) => {
  const files = filesBelow(root)

  it('has the pod, container, runtime and class of the truth', () => {
    let checked = 0
    for (const file of files.filter((name) => name.endsWith('/truth.json'))) {
      const truth = readJson<Truth>(join(root, file))
      for (const kill of truth.kills) {
        const identity = identifyCgroup(kill.victim.task_cgroup)
        if (truth.container_id !== undefined && kill.victim.task_cgroup.includes(truth.container_id)) {
          expect(identity.containerId, file).toBe(truth.container_id)
          checked += 1
        }
        if (truth.pod_uid !== undefined && identity.podUid !== null) expect(identity.podUid, file).toBe(truth.pod_uid)
        if (truth.qos !== undefined && identity.qosClass !== null)
          expect(identity.qosClass.toLowerCase(), file).toBe(truth.qos.toLowerCase())
      }
    }
    expect(checked).toBeGreaterThan(10)
  })

  it('stands at a level that the expected limit allows', () => {
    let checked = 0
    for (const file of files.filter((name) => name.endsWith('/expect.json'))) {
      const expected = readJson<Expectation & { readonly diagnosis?: { readonly limit?: readonly string[] } }>(join(root, file))
      const limits = expected.diagnosis?.limit ?? []
      const memcg = expected.kills?.[0]?.oomMemcg
      if (memcg === undefined || memcg === null || !limits.every((limit) => limit in LEVELS) || limits.length === 0) continue
      const allowed = limits.flatMap((limit) => LEVELS[limit] ?? [])
      const { level } = identifyCgroup(memcg)
      // A pod of one container has two limits of the same size: the kernel may name either.
      if (level === 'pod' && limits.includes('container-limit')) continue
      expect(allowed, `${file}: ${memcg}`).toContain(level)
      checked += 1
    }
    expect(checked).toBeGreaterThan(50)
  })
})
