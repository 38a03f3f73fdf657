import { describe, expect, test } from 'vitest'
import { lossOf } from '../../src/extract/loss-of.ts'
import { panicText } from '../../src/extract/panic-text.ts'
import { evictionOfEvent, podEnd } from '../../src/extract/pod-end.ts'
import { stopOfEvent } from '../../src/extract/stop-reason.ts'
import { kernelVersion } from '../../src/kernel/release.ts'
import { holdsKey, short, shortHost, standsIn, stemOf } from '../../src/text/names.ts'

describe('why a pod ended as a whole', () => {
  test.each([
    [
      'Evicted',
      'The node was low on resource: ephemeral-storage. Container a was using 9Gi',
      { what: 'evicted', shortOf: 'ephemeral-storage', overLimitOf: null },
    ],
    [
      'Evicted',
      'The node was low on resource: memory. Container a was using 9Gi',
      { what: 'evicted', shortOf: 'memory', overLimitOf: null },
    ],
    [
      'Evicted',
      'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ',
      { what: 'evicted', shortOf: null, overLimitOf: 'ephemeral local storage' },
    ],
    ['Evicted', 'Usage of EmptyDir volume "cache" exceeds the limit "1Gi". ', { what: 'evicted', shortOf: null, overLimitOf: 'EmptyDir' }],
    ['Evicted', null, { what: 'evicted', shortOf: null, overLimitOf: null }],
    [
      'Evicted',
      'The node had condition: [MemoryPressure DiskPressure]. ',
      { what: 'refused', conditions: ['MemoryPressure', 'DiskPressure'], sums: null },
    ],
    [
      'Evicted',
      'Pod The node had condition: [MemoryPressure, PIDPressure].',
      { what: 'refused', conditions: ['MemoryPressure', 'PIDPressure'], sums: null },
    ],
    [
      'OutOfmemory',
      "Pod Node didn't have enough resource: memory, requested: 2048, used: 3072, capacity: 4096",
      { what: 'refused', conditions: [], sums: { requestedBytes: 2048, usedBytes: 3072, capacityBytes: 4096 } },
    ],
    ['OutOfmemory', null, { what: 'refused', conditions: [], sums: null }],
    ['Preempting', 'Preempted in order to admit critical pod', { what: 'preempted' }],
    ['Failed', 'Preempted in order to admit critical pod', { what: 'preempted' }],
    ['Terminated', 'Pod was terminated in response to imminent node shutdown.', { what: 'node-shutdown' }],
    ['NodeShutdown', null, { what: 'node-shutdown' }],
    ['DeadlineExceeded', 'Pod was active on the node longer than the specified deadline', { what: 'deadline' }],
  ])('%s: %s', (reason, message, end) => {
    expect(podEnd(reason, message)).toEqual({ end })
  })
  test.each([
    ['Error', 'exit 1'],
    [null, null],
    [null, 'containers with unready status: [app]'],
  ])('%s: %s tells nothing', (reason, message) => {
    expect(podEnd(reason, message)).toEqual({})
  })
  test('an event of a refusal', () => {
    expect(evictionOfEvent('Evicted', 'The node had condition: [MemoryPressure].')).toEqual({ refusedFor: ['MemoryPressure'] })
    expect(evictionOfEvent('Evicted', 'The node was low on resource: memory.')).toEqual({})
    expect(evictionOfEvent('FailedScheduling', 'node had condition: [MemoryPressure]')).toEqual({})
  })
})

test.each([
  ['Killing', 'Container app failed liveness probe, will be restarted', { stop: 'liveness' }],
  ['Killing', 'Container app failed startup probe, will be restarted', { stop: 'startup' }],
  ['Killing', 'Stopping container app', { stop: 'other' }],
  ['Killing', 'Preempting pod', { stop: 'preemption' }],
  ['ExceededGracePeriod', 'Container runtime did not kill the pod within specified grace period.', { stop: 'other' }],
  ['Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500', { stop: 'liveness' }],
  ['Unhealthy', 'Readiness probe failed: connection refused', {}],
  ['Started', 'Started container liveness', {}],
] as const)('%s: %s', (reason, message, stop) => {
  expect(stopOfEvent(reason, message)).toEqual(stop)
})

test.each([
  ['callbacks-suppressed', 'oom_kill_process', 'kill-reports'],
  ['callbacks-suppressed', 'pagefault_out_of_memory', 'kill-reports'],
  ['callbacks-suppressed', 'net_ratelimit', 'others'],
  ['callbacks-suppressed', null, 'anything'],
  ['journal-missed', 'kubelet.service', 'node-services'],
  ['journal-missed', 'kernel', 'anything'],
  ['journal-missed', 'nginx.service', 'others'],
  ['syslog-lost', 'imuxsock', 'others'],
  ['syslog-lost', 'imjournal', 'anything'],
  ['printk-dropped', null, 'anything'],
] as const)('lines lost: %s of %s hide %s', (what, subject, of) => {
  expect(lossOf(what, subject)).toBe(of)
})

test('a panic of init, and one of something else', () => {
  expect(panicText('Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000009\n')).toEqual({
    text: 'Attempted to kill init! exitcode=0x00000009',
    cause: 'init',
  })
  expect(panicText('Kernel panic - not syncing: VFS: Unable to mount root fs')?.cause).toBe('other')
  expect(panicText('panic_on_oom is set')).toBeNull()
})

test.each([
  ['5.15.0-119-generic', { major: 5, minor: 15, patch: 0, el: null, build: true }],
  ['3.10.0-862.el7.x86_64', { major: 3, minor: 10, patch: 0, el: 7, build: true }],
  ['4.18.0-553.el8_10.x86_64', { major: 4, minor: 18, patch: 0, el: 8, build: true }],
  ['2.6.18', { major: 2, minor: 6, patch: 18, el: null, build: false }],
  ['6.1', { major: 6, minor: 1, patch: 0, el: null, build: false }],
  ['generic', null],
  [null, null],
])('kernel %s', (release, version) => {
  expect(kernelVersion(release)).toEqual(version)
})

test('names', () => {
  expect(['worker-12', 'kworker/3', 'python3', 'a:1', 'redis'].map(stemOf)).toEqual(['worker', 'kworker', 'python', 'a', 'redis'])
  expect([short('0123456789abcdef'), short('checkout-frontend'), short('0123456789ab')]).toEqual([
    '0123456789ab',
    'checkout-frontend',
    '0123456789ab',
  ])
  expect([shortHost('Node-1.example.internal'), shortHost('10.0.0.12')]).toEqual(['node-1', '10.0.0.12'])
  expect([standsIn('dmesg-node-1.txt', 'node-1'), standsIn('dmesg-node-12.txt', 'node-1')]).toEqual([true, false])
  expect([holdsKey('anon 4096', 'anon'), holdsKey('inactive_anon 4096', 'anon'), holdsKey('total_anon:4kB', 'anon')]).toEqual([
    true,
    false,
    false,
  ])
})
