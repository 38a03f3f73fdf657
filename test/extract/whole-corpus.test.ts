import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ContainerEvent, Event } from '../../src/model/event.ts'
import { describeWholeCorpus } from '../corpus.ts'
import { eventsIn } from './read-file.ts'

/** Short names of a file's events in order: `container oom`, `eviction evicted`, `unit failed`. */
function story(events: readonly Event[]): string[] {
  return events.map((event) => {
    if (event.kind === 'eviction') return `eviction ${event.stage}`
    if (event.kind === 'userspace-kill') return `kill by ${event.killer}`
    return 'what' in event ? `${event.kind} ${event.what}` : event.kind
  })
}
const interesting = (events: readonly Event[]): Event[] =>
  events.filter((event) => !('what' in event && (event.what === 'started' || event.what === 'created' || event.what === 'kubelet-started')))
const containers = (events: readonly Event[], what: ContainerEvent['what']): ContainerEvent[] =>
  events.filter((event): event is ContainerEvent => event.kind === 'container' && event.what === what)

describeWholeCorpus('kubernetes bundles', (root) => {
  const at = (...path: string[]) => join(root, 'kubernetes', ...path)
  const read = (...path: string[]) => eventsIn(at(...path))

  it('a container at its limit: runtime and kubelet name pod and container', () => {
    const runtime = read('pricing-limit-full-evidence', 'containerd.log')
    expect(story(interesting(runtime))).toEqual(['container oom', 'unit oom-killed', 'unit failed'])
    expect(containers(runtime, 'oom')[0]?.target).toMatchObject({
      namespace: 'shop',
      container: 'app',
      podUid: '68614f59-7856-4c57-b1c4-5fd315cfae34',
    })
    const kubelet = read('pricing-limit-full-evidence', 'kubelet.log')
    expect(story(interesting(kubelet))).toEqual(['container exit', 'container died'])
    expect(containers(kubelet, 'exit')[0]).toMatchObject({ exitCode: 137, target: { namespace: 'shop', pod: 'pricing-7c9d6f5b84-q8x2m' } })
  })
  it('an eviction from the first figure to the end', () => {
    const events = read('transcode-eviction-only', 'host-collectors/ip-10-42-16-87/journald/kubelet.txt')
    const stages = story(events.filter(({ kind }) => kind === 'eviction'))
    expect(stages.filter((stage) => stage === 'eviction observed')).toHaveLength(7)
    expect(stages.filter((stage) => stage !== 'eviction observed')).toEqual([
      'eviction threshold-met',
      'eviction attempting',
      'eviction must-evict',
      'eviction ranked',
      'eviction evicted',
    ])
  })
  it('a kill by the kernel and an eviction of the same pod', () => {
    const events = read('batch-allocatable-then-evicted', 'sos_commands/kubernetes/journalctl_--no-pager_--unit_kubelet')
    expect(containers(events, 'died')).toHaveLength(2)
    expect(events.find((event) => event.kind === 'eviction' && event.stage === 'evicted')).toMatchObject({
      signal: 'memory',
      target: { namespace: 'reports', pod: 'report-batch-5b6c7dd9f4-hj9tp' },
    })
  })
  it('a liveness kill names its cause', () => {
    const events = read('gateway-liveness-137', 'kubelet.log')
    expect(containers(events, 'killing').map(({ cause }) => cause)).toEqual([
      'Container gateway failed liveness probe, will be restarted',
      'Container gateway failed liveness probe, will be restarted',
    ])
    expect(containers(events, 'probe-failed').every(({ cause }) => cause?.toLowerCase().includes('liveness'))).toBe(true)
  })
  it('back-off once per delay and death, on two nodes', () => {
    for (const [node, expected] of [
      ['ip-10-42-16-87', ['10s', '10s', '20s', '40s']],
      ['knode-b3', ['10s', '20s', '40s']],
    ] as const) {
      const events = read('checkout-crashloop-two-nodes', 'nodes', node, 'kubelet.log')
      const backOffs = containers(events, 'back-off')
      expect(backOffs.map(({ cause }) => cause)).toEqual(expected.map((delay) => `back-off ${delay}`))
      expect(backOffs.every(({ target }) => target.container === 'api' && target.namespace === 'shop')).toBe(true)
    }
  })
  it('1.20 with docker: SystemOOM per container OOM, and dockerd’s ends', () => {
    const kubelet = read('legacy-docker-false-systemoom', 'kubelet.log')
    expect(kubelet.filter((event) => event.kind === 'node' && event.what === 'system-oom')).toMatchObject([
      { comm: 'java', pid: 376 },
      { comm: 'java', pid: 378 },
    ])
    const ids = containers(kubelet, 'died').map(({ target }) => target.containerId)
    expect(containers(read('legacy-docker-false-systemoom', 'docker.log'), 'died').map(({ target }) => target.containerId)).toEqual(ids)
  })
  it('children killed while the container lives: runtime and application agree', () => {
    const bundle = 'invoice-worker-invisible'
    expect(containers(read(bundle, 'containerd.log'), 'oom')).toHaveLength(4)
    const application = read(bundle, 'pods/orders_invoice-worker-58d7b9c6cf-wz7kd_d04abdfd-c83a-4afa-96da-456cd1a6fb98/celery/0.log')
    expect(application.filter((event) => event.kind === 'runtime' && event.what === 'child-killed')).toHaveLength(4)
    expect(containers(read(bundle, 'kubelet.log'), 'died')).toEqual([])
  })
  it('systemd-oomd and its block', () => {
    for (const file of ['journal.log', 'journal-oomd.log']) {
      const kills = read('reindex-systemd-oomd', file).filter(({ kind }) => kind === 'userspace-kill')
      expect(kills).toMatchObject([{ killer: 'systemd-oomd', monitored: '/kubepods.slice', usageBytes: Math.round(407.2 * 1024 ** 2) }])
      expect(kills[0]?.quotes).toHaveLength(10)
    }
  })
})

describeWholeCorpus('lab incidents', (root) => {
  const at = (...path: string[]) => join(root, 'lab', ...path)
  it.each(['journal-all.json', 'kern.log'])('earlyoom, %s', (file) => {
    const kills = eventsIn(at('7.2-t-earlyoom', file)).filter(({ kind }) => kind === 'userspace-kill')
    const expected = [{ killer: 'earlyoom', pid: 376, comm: 'chrome', oomScoreAdj: 300, signal: 'SIGTERM', memTotalBytes: 750 * 1024 ** 2 }]
    // Only the journal has the daemons' lines.
    expect(kills).toMatchObject(file === 'kern.log' ? [] : expected)
  })
  it.each([
    ['6.1-s-systemd-oomd-swap', 'builder.service', ['journal-all.json', 'journal-all.short-precise.txt', 'syslog', 'syslog.trad']],
    ['7.2-s-systemd-oomd-pressure', 'transcoder.service', ['journal-all.json', 'journal-all.short-precise.txt', 'syslog', 'syslog.trad']],
  ])('%s: one kill and its unit, the same in every wrapping', (incident, unit, files) => {
    for (const file of files) {
      const events = eventsIn(at(incident, file))
      expect(events.filter(({ kind }) => kind === 'userspace-kill')).toMatchObject([{ killer: 'systemd-oomd', dryRun: false }])
      expect(story(events.filter((event) => event.kind === 'unit' && event.unit === unit))).toEqual(
        expect.arrayContaining(['unit oomd-killed', 'unit main-exited', 'unit failed']),
      )
    }
  })
  it('both texts of TaskOOM, and ctr events', () => {
    for (const [incident, id] of [
      ['6.1-ee-containerd-ctr', '7647bf75434f350d9be840f54a19dcb8848a15686cc22b51189a1780768eb096'],
      ['6.12-ee-containerd-ctr', '37050c7bd2ddb8add3f62c59b28e44ba77cac13b751957c9021745efffaf37a6'],
    ] as const) {
      for (const file of ['journal-all.json', 'ctr-events.txt']) {
        expect(containers(eventsIn(at(incident, file)), 'oom').map(({ target }) => target.containerId)).toEqual([id])
      }
    }
  })
  it('a unit restarted again and again by its leak', () => {
    const events = eventsIn(at('7.2-r-leak-restarts', 'journal-all.json'))
    const leaky = events.filter((event) => event.kind === 'unit' && event.unit === 'leaky-api.service')
    expect(leaky.filter((event) => 'what' in event && event.what === 'oom-killed')).toHaveLength(5)
  })
  it('ordinary boots and spoofed lines hold no userspace kill and no runtime’s end', () => {
    for (const incident of [
      '6.12-cc-kmsg-written-lines',
      '7.2-cc-spoofed-journal-lines',
      '6.1-g-global-noswap',
      '6.12-q-invisible-child-kill',
    ]) {
      const events = eventsIn(at(incident, 'journal-all.json'))
      expect(events.filter(({ kind }) => kind === 'userspace-kill' || kind === 'runtime')).toEqual([])
    }
  })
})
