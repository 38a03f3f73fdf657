import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ObjectEvent } from '../../src/model/event.ts'
import { rootCauseIds } from '../../src/model/ids.ts'
import { rules } from '../../src/rules/index.ts'
import { diagnose, inPod, memcgDump, placed, podWorkload } from './make-incident.ts'
import { cases, evicted } from './root-cause-cases.ts'

describe.each(cases)('%s', (id, gives, looksAlike) => {
  test.each(gives.map((incident, i) => [i + 1, incident] as const))('is given (%i)', (_, incident) => {
    expect(diagnose(incident).rootCause).toMatchObject({ id })
  })
  test('is not given to what looks alike', () => {
    expect(diagnose(looksAlike).rootCause.id).not.toBe(id)
  })
})

test('an eviction of a small pod blames the node, of a large one its own growth, of another signal nobody', () => {
  expect(diagnose(evicted(20)).rootCause).toMatchObject({ id: 'node-overcommitted', confidence: 'medium' })
  expect(diagnose(evicted(700)).rootCause.id).not.toBe('node-overcommitted')
  expect(diagnose(evicted(20, 'nodefs.available')).rootCause.id).not.toBe('node-overcommitted')
})

test('a release minutes before the kill is the first suspect, and going back the first remedy', () => {
  const scaled = placed<ObjectEvent>(-240, {
    kind: 'object-event',
    objectKind: 'Deployment',
    namespace: 'shop',
    name: 'api',
    uid: null,
    container: null,
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message: 'Scaled up replica set api-7c9d4b to 2 from 0',
    ofMemory: false,
    death: null,
    component: 'deployment-controller',
    count: 1,
    firstUs: null,
    ageSeconds: null,
    ageResolutionSeconds: null,
    firstAgeSeconds: null,
  })
  const workload = { ...podWorkload, pod: 'api-7c9d4b-x2x7k' }
  const { rootCause, recommendations } = diagnose(inPod(memcgDump(), { context: [scaled] }, { workload }))
  expect(rootCause.statement.join('')).toContain('it is the first suspect')
  expect(recommendations[0]).toMatchObject({ when: 'now', command: 'kubectl rollout undo -n shop deployment/api' })
  // More of what was there is no release.
  const more = { ...scaled, event: { ...scaled.event, message: 'Scaled up replica set api-7c9d4b to 6 from 4' } as ObjectEvent }
  expect(diagnose(inPod(memcgDump(), { context: [more] }, { workload })).recommendations.map((one) => one.command)).not.toContain(
    'kubectl rollout undo -n shop deployment/api',
  )
})

/** Told by findings, since there is no incident: the kernel killed nothing. And the answer where nothing is known. */
const withoutRule = ['memory-high-throttling', 'not-oom', 'unknown']

test('every root cause has a rule, and each rule two samples and a look-alike (samples-of-answers.test.ts) or cases of its own here', () => {
  const ruled = rules.filter(({ question }) => question === 'rootCause').map(({ id }) => id as string)
  expect(rootCauseIds.filter((id) => id === 'unknown' || !ruled.includes(id)).toSorted()).toEqual(withoutRule)
  const bare = ruled.filter((id) => id !== 'unknown' && !cases.some(([covered]) => covered === id))
  const lacking: readonly string[] = Object.values(
    JSON.parse(readFileSync('test/rules/lacking.json', 'utf8')) as Record<string, string[]>,
  ).flat()
  expect(bare.filter((id) => lacking.includes(`rootCause/${id}`))).toEqual([])
})
