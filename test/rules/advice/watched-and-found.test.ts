import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Curve } from '../../../src/model/curve.ts'
import type { Workload } from '../../../src/model/incident.ts'
import { findPod } from '../../../src/rules/advice/find-pod.ts'
import { alertBefore, hasPeak, watchHistory } from '../../../src/rules/advice/history.ts'
import { keepTheLog } from '../../../src/rules/advice/keep-log.ts'
import { readPreviousLog } from '../../../src/rules/advice/read-log.ts'
import { runtimeCli } from '../../../src/rules/advice/runtime-cli.ts'
import { seeItBack } from '../../../src/rules/advice/see-it-back.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { curveOf, factsWith } from '../facts-with.ts'
import {
  globalDump,
  ID,
  inPod,
  instantAt,
  killed,
  makeContainer,
  makeDeath,
  makeIncident,
  memcgDump,
  podWorkload,
} from '../make-incident.ts'
import { inside, OTHER, outer } from './in-a-pod.ts'

describe('a week of it', () => {
  const asks = (facts: IncidentFacts) => watchHistory(facts).map(({ text, command }) => `${plainPhrase(text)} # ${command}`)
  const group = (path: string, more: Partial<IncidentFacts> = {}, dump: object = {}) =>
    asks(factsWith(killed(memcgDump({ oomMemcg: path, taskMemcg: path, ...dump })), { curves: [], ...more }))
  test('by Prometheus, unless the curve was read or it is a bystander', () => {
    expect(asks(inside({}))[0]).toContain(`promtool query instant "$PROMETHEUS_URL" 'max_over_time(container_memory`)
    expect(asks(inside({}, { curves: [curveOf([[60, 5]])] }))).toEqual([])
    expect(asks(inside({}, { curves: [curveOf([[60, 5]], { shape: 'unknown' })] }))).toHaveLength(1)
    const victim = (comm: string) =>
      asks(factsWith(inPod(globalDump({}, {}, [{ rss: 205_000, anon: 204_000, comm, pid: comm === 'java' ? 100 : 9 }])), { curves: [] }))[0]
    expect(victim('java')).toContain('promtool')
    expect(victim('mysqld')).toContain('sar -r')
  })
  test('by systemd, for a service, a slice and a job', () => {
    expect(group('/system.slice/web.service')[0]).toMatch(/systemctl show web\.service -p MemoryCurrent -p MemoryPeak -p MemoryMax/)
    expect(group('/system.slice/web.service', {}, { cgroupVersion: 1 })[0]).not.toContain('MemoryPeak')
    expect(group('/web.slice')[0]).toContain('systemd-cgtop -b -n 1 -m --depth=3 /web.slice')
    expect(group('/slurm/uid_1000/job_77')[0]).toContain('sacct -j 77')
    expect(group('/system.slice/web.service', { scope: 'global' })[0]).toContain('sar -r')
    expect(group('/anything')).toEqual([])
  })
  test('by a container’s runtime', () => {
    expect(group(`/docker/${ID}`)[0]).toContain(`docker stats --no-stream ${ID.slice(0, 12)}`)
    expect(group(`/machine.slice/libpod-${ID}.scope`)[0]).toContain('podman stats')
    expect(group(`/x/cri-containerd-${ID}.scope`).join()).not.toContain('stats')
    expect(
      group('/x', { limitCgroup: { level: 'container', containerId: null, runtime: 'docker', path: '/x' } as never, victimCgroup: null }),
    ).toEqual([])
    const inner = {
      limitCgroup: { level: 'unit', unit: 'web.service', containerId: null, runtime: 'docker', path: '/d' } as never,
      victimCgroup: { containerId: ID, runtime: 'docker' } as never,
    }
    expect(group('/anything', inner)[0]).toContain('systemctl show web.service')
  })
  test('by the counters of a system container', () => {
    expect(group('/lxc.payload.web')[0]).toContain(
      'tail -n 1 /sys/fs/cgroup/lxc.payload.web/memory.current /sys/fs/cgroup/lxc.payload.web/memory.peak',
    )
    expect(group('/lxc.payload.web', {}, { cgroupVersion: 1 })[0]).toContain(
      'tail -n 1 /sys/fs/cgroup/memory/lxc.payload.web/memory.usage_in_bytes /sys/fs/cgroup/memory/lxc.payload.web/memory.max_usage_in_bytes',
    )
    expect(group('/lxc.payload.web', { memcgLimit: null })[0]).toContain('# null')
  })
  test('by sysstat, of a machine whose memory no curve shows', () => {
    const of = (more: Partial<Curve>) =>
      asks(factsWith(killed(globalDump()), { curves: [curveOf([[60, 5]], { of: 'node', metric: 'available', ...more })] })).length
    expect([of({}), of({ shape: 'unknown' }), of({ metric: 'working-set' })]).toEqual([0, 1, 1])
    const effect = (release: string | null) =>
      plainPhrase(watchHistory(factsWith(killed(globalDump({ release } as never)), { curves: [] }))[0]?.effect ?? ('' as never))
    expect([effect('3.13.0'), effect('3.14.0'), effect(null)].map((one) => /Mem(?:Free|Available)/.exec(one)?.[0])).toEqual([
      'MemFree',
      'MemAvailable',
      'MemAvailable',
    ])
  })
  test('whether a peak is there: cgroup v2, from 5.19 on', () => {
    const of = (release: string | null, cgroupVersion: number | null = 2) =>
      hasPeak(factsWith(killed(memcgDump({ release, cgroupVersion } as never))))
    expect([of('5.18.0'), of('5.19.0'), of('6.0.0'), of('4.20.0'), of(null), of('6.0.0', 1)]).toEqual([
      false,
      true,
      true,
      false,
      true,
      false,
    ])
  })
  test('an alarm before the next kill', () => {
    expect(alertBefore(inside({}))).toHaveLength(1)
    expect(alertBefore(inside({ pod: null, owner: null }, { pod: null }))).toEqual([])
    expect(alertBefore(factsWith(killed(globalDump())))).toEqual([])
  })
})

describe('which pod or container it is', () => {
  const of = (more: Partial<IncidentFacts>, workload: Partial<Workload> | null = { pod: null }) =>
    findPod(
      factsWith(inPod(memcgDump(), {}, { workload: workload === null ? null : { ...podWorkload, ...workload } }), { pod: null, ...more }),
    )
  test('by its UID, and on the node by its container’s id', () => {
    const [found] = of({})
    expect(found?.command).toMatch(/select\(\.metadata\.uid=="68614f59-.* {2}# on the node: crictl ps -a --id 91efaeab566ea$/)
    expect(found?.when).toBe('now')
    expect(of({}, {})).toEqual([])
    const mirror = { podUid: podWorkload.podUid, containerId: null, staticPod: true } as never
    expect(of({ victimCgroup: mirror }, null)[0]?.command).toMatch(
      /metadata\.annotations\["kubernetes\.io\/config\.hash"\]=="[^"]*"\) \| \.metadata\.namespace\+"\/"\+\.metadata\.name'$/,
    )
    expect(of({ victimCgroup: null, limitCgroup: mirror }, null)).toHaveLength(1)
    expect(of({ victimCgroup: null, limitCgroup: null })[0]?.command).toContain('crictl ps -a --id 91efa')
    expect(of({ victimCgroup: null, limitCgroup: null }, null)).toEqual([])
    const named = { podUid: podWorkload.podUid, containerId: 'web', staticPod: false } as never
    expect(of({ victimCgroup: named })[0]?.command).not.toContain('crictl')
    expect(of({ victimCgroup: { podUid: 'none' } as never }, null)).toEqual([])
    expect(of(outer)[0]?.when).toBe('find')
  })
  const plain = (more: object = {}, facts: Partial<IncidentFacts> = {}, container: string | null = null) =>
    of(
      {
        victimCgroup: { level: 'container', containerId: ID, runtime: 'docker', podUid: null, path: `/docker/${ID}`, ...more } as never,
        limitCgroup: null,
        ...facts,
      },
      { pod: null, podUid: null, container },
    ).map(({ command }) => command?.split(' -f ')[0])
  test('of docker and podman by their own tool', () => {
    expect(plain()).toEqual(['docker inspect'])
    expect(plain({ runtime: 'podman' })).toEqual(['podman inspect'])
    expect(plain({ runtime: 'podman', path: `/user.slice/user-1000.slice/user@1000.service/libpod-${ID}.scope` })).toEqual([
      "sudo -u '#1000' XDG_RUNTIME_DIR=/run/user/1000 podman inspect",
    ])
    for (const more of [{ level: 'unit' }, { containerId: null }, { containerId: 'web' }, { runtime: 'containerd' }])
      expect(plain(more)).toEqual([])
    expect(plain({}, {}, 'web')).toEqual([])
    expect(plain({}, { victimCgroup: null })).toEqual([])
  })
  test('of one inside another by the daemon in there', () => {
    expect(plain({}, outer)).toEqual([`docker exec ${OTHER.slice(0, 12)} docker inspect`])
    expect(plain({}, { limitCgroup: { ...(outer.limitCgroup as object), runtime: 'podman' } as never })).toEqual([
      `podman exec ${OTHER.slice(0, 12)} docker inspect`,
    ])
    expect(plain({}, { limitCgroup: { ...(outer.limitCgroup as object), runtime: 'lxc' } as never })).toEqual(['docker inspect'])
  })
  test('whose containers they are', () => {
    const cli = (path: string, runtime: string | null = 'podman') => runtimeCli({ path, runtime } as never)
    expect([cli('/machine.slice/x'), cli('/a', null), cli('/user@.service/x')]).toEqual(['podman', 'docker', 'podman'])
    expect(cli('/user@77.service/x')).toBe("sudo -u '#77' XDG_RUNTIME_DIR=/run/user/77 podman")
  })
})

describe('what is done at once', () => {
  test('what was killed on a host is looked after', () => {
    const of = (comms: readonly string[], more: Partial<IncidentFacts> = {}) =>
      seeItBack(
        factsWith(makeIncident({ kills: comms.map((comm) => makeDeath(globalDump({ taskMemcg: '/' }), { comm, memcg: null })) }), more),
      ).map(({ text, command }) => `${plainPhrase(text)} ${command}`)
    expect(of(['a', 'b', 'a'])).toEqual(['See that what was killed runs again: a, b. systemctl --failed --no-pager'])
    expect(of(['a', 'b', 'c', 'd'])[0]).toContain('a, b, c, d.')
    expect(of(['a', 'b', 'c', 'd', 'e', 'f'])[0]).toContain('a, b, c, d and 2 more.')
    expect(of([])).toEqual([])
    expect(seeItBack(factsWith(makeIncident({ kills: [makeDeath(globalDump({ taskMemcg: '/' }), { comm: null, memcg: null })] })))).toEqual(
      [],
    )
    expect(of(['a'], { victimCgroup: { unit: 'web.service' } as never })[0]).toContain('; systemctl status web.service --no-pager')
    for (const more of [{ podUid: 'u' }, { containerId: ID }]) expect(of(['a'], { victimCgroup: more as never })).toEqual([])
    expect(of(['a'], { scope: 'memcg' })).toEqual([])
    expect(of(['a'], { kill: makeDeath(null, { killer: 'kubelet' }) })).toEqual([])
    expect(of(['a'], { kill: makeDeath(null, { workload: podWorkload }) })).toEqual([])
    expect(of(['a'], { kill: null })).toEqual([])
    const within = { kill: makeDeath(null, { workload: { ...podWorkload, pod: null } }), victimCgroup: null }
    expect([of(['a'], { ...within, limitCgroup: null }).length, of(['a'], { ...within, ...outer }).length]).toEqual([1, 0])
  })
  test('the log of a kill of which not all is there is kept', () => {
    const of = (more: Partial<IncidentFacts>, incident = killed(globalDump())) =>
      keepTheLog(factsWith(incident, more)).map(({ text, command }) => `${plainPhrase(text)} ${command}`)
    expect(of({})).toEqual([])
    expect(of({ composition: null })[0]).toMatch(
      /^Save the kernel's log of node-1 around the kill of java \(PID 100\) \(2026-11-24 08:00:00.* UTC\) before it is rotated away\. journalctl -k --since=@1795507080 --until=@1795507320 /,
    )
    expect(of({ scores: null })).toHaveLength(1)
    expect(of({ composition: null, kill: makeDeath(null, { killer: 'kubelet' }) })).toEqual([])
    expect(of({ kill: makeDeath(null, { comm: null }), composition: null })[0]).toContain('around the kill in')
    expect(of({ kill: makeDeath(null, { at: { ...instantAt(0), epochUs: null } }), composition: null })[0]).toContain(
      'journalctl -k -b all -o',
    )
    expect(of({ kill: null, dump: globalDump() })[0]).toContain('around the report of the OOM killer')
    expect(of({ kill: null, dump: null })).toEqual([])
    expect(of({ kill: null, dump: globalDump() }, makeIncident({ nature: 'no-kill' }))).toEqual([])
  })
  test('the last words of the killed run are read', () => {
    const of = (restarts: number | null, workload: Partial<Workload> = {}) =>
      readPreviousLog(
        inside(workload, { container: makeContainer({ restartCount: restarts === null ? null : { value: restarts, quote: null } }) }),
      ).map(({ text, command }) => `${plainPhrase(text)} ${command}`)
    expect(of(1)).toEqual([
      'Read what the killed run of container api of pod shop/api-7c9d4 wrote last (1 restart so far). kubectl logs -n shop api-7c9d4 -c api --previous --tail=200 --timestamps',
    ])
    expect(of(2)[0]).toContain('(2 restarts so far)')
    expect([of(0), of(null), of(1, { pod: null })]).toEqual([[], [], []])
    expect(readPreviousLog(inside({}, { container: null }))).toEqual([])
  })
})
