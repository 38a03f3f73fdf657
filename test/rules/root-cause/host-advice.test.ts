import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Incident } from '../../../src/model/incident.ts'
import type { NodeSnapshot, Snapshot } from '../../../src/model/snapshot.ts'
import { hostProcessGrowth } from '../../../src/rules/root-cause/host-process-growth.ts'
import { reservationsTooSmall } from '../../../src/rules/root-cause/reservations-too-small.ts'
import { quote, type RowFigures } from '../../kernel/make-dump.ts'
import { factsWith, HOUR, MIB, saidIn, textsOf } from '../facts-with.ts'
import { CONTAINER_PATH, globalDump, inPod, instantAt, killed, memcgDump } from '../make-incident.ts'

const SERVICE = '/system.slice/analytics.service'
const node = (more: Partial<NodeSnapshot> = {}): NodeSnapshot =>
  ({
    kind: 'node',
    name: 'node-1',
    capacityBytes: { value: 972 * MIB, quote: quote('memory: 972Mi', 60) },
    allocatableBytes: { value: 800 * MIB, quote: quote('memory: 800Mi', 61) },
    kubeletVersion: 'v1.33.1',
    osImage: null,
    allocated: null,
    ...more,
  }) as NodeSnapshot
const process = (pid: number, unit: string | null): Snapshot =>
  ({ kind: 'process', pid, unit, comm: 'x', quote: quote(`ps ${pid}`) }) as never

describe('what becomes of a process of the host that grew', () => {
  const facts = (comm: string, more: Partial<IncidentFacts> = {}, path = SERVICE) =>
    factsWith(killed(globalDump({ taskMemcg: path }, {}, [{ rss: 150_000, anon: 150_000, comm }]), {}, { comm }), more)
  const first = (...of: Parameters<typeof facts>) => hostProcessGrowth.recommend?.(facts(...of) as never)[0]
  const deaths = (...mib: number[]) =>
    mib.map((size, n) => ({ at: instantAt((n - mib.length + 1) * HOUR), startedUs: null, bytes: size * MIB, evidence: [] }))
  const grew = (more: Partial<IncidentFacts> = {}, path = SERVICE, ...mib: number[]) => {
    const of = facts('java', more, path)
    return hostProcessGrowth.recommend?.({
      ...of,
      incident: { ...of.incident, deaths: deaths(...(mib.length > 0 ? mib : [200, 300, 500])) },
    } as never)[0]
  }
  test('what grew each time is contained at four fifths of the machine, by its service', () => {
    expect(textsOf([grew()])[0]).toContain('Contain java until its growth is found: MemoryMax=640M for analytics.service')
    expect(grew()?.command).toBe('systemctl set-property analytics.service MemoryMax=640M')
    // No growth, no service, no size: its need is to be known first.
    expect(textsOf([grew({}, SERVICE, 200, 200, 200)])[0]).toContain('Find out what java needs')
    expect(textsOf([grew({}, '/user.slice/user-1000.slice/session-3.scope')])[0]).toContain('Find out what java needs')
    const accounting = facts('java').machineAccounting as NonNullable<IncidentFacts['machineAccounting']>
    expect(textsOf([grew({ machineAccounting: { ...accounting, totalBytes: 9 * MIB } })])[0]).toContain('Find out what java needs')
    expect(textsOf([grew({ machineAccounting: { ...accounting, totalBytes: 11 * MIB } })])[0]).toContain('MemoryMax=8M')
  })
  test.each([
    ['kubelet', 'systemctl restart kubelet', 'Containers run on'],
    ['containerd', 'systemctl restart containerd', 'Containers run on'],
    ['dockerd', 'systemctl restart docker', 'Ends the containers'],
  ])('%s is restarted', (comm, command, effect) => {
    expect(textsOf([first(comm)])[0]).toContain(`Take a heap profile of ${comm} while it is large`)
    expect(first(comm)).toMatchObject({ command })
    expect(saidIn({ statement: first(comm)?.effect ?? [] })).toContain(effect)
  })
  test('a guest holds what it was given; a daemon is looked at by its log; of others the need is to be known', () => {
    expect(first('qemu-system-x86')).toMatchObject({ lookFirst: true })
    expect(textsOf([first('qemu-system-x86')])[0]).toContain('Move a virtual machine')
    expect(first('multipathd')).toMatchObject({ lookFirst: true, command: expect.stringContaining('journalctl _PID=100') })
    expect(first('java')?.command).toContain('systemctl show analytics.service -p MemoryCurrent')
    expect(first('java', {}, '/user.slice/user-1000.slice/session-3.scope')?.command).toContain('ps -eo')
    expect(textsOf([first('java', { machineAccounting: null, meminfo: null, node: null, composition: null })])[0]).not.toContain(
      'Find out what',
    )
  })
  test('nobody profiles a daemon of the system', () => {
    const found = (comm: string) => textsOf(hostProcessGrowth.recommend?.(facts(comm) as never) ?? []).join(' ')
    expect(found('multipathd')).not.toContain('heap profiles')
    expect(found('backupd')).toContain('Take two heap profiles of backupd')
  })
  test('swap counts with what its end frees', () => {
    const swapped = factsWith(
      killed(globalDump({ taskMemcg: SERVICE }, {}, [{ rss: 150_000, anon: 150_016, swap: 2_560, comm: 'kubelet' }])),
    )
    expect(textsOf([hostProcessGrowth.recommend?.(swapped as never)[0]])[0]).toContain('frees its 596 MiB')
    expect(saidIn(hostProcessGrowth.evaluate(swapped as never))).toContain('held 586 MiB and 10 MiB in swap')
  })

  const spared = (more: Partial<RowFigures> = {}, snapshots: readonly Snapshot[] = [], death = {}) =>
    factsWith(
      inPod(
        globalDump({ taskMemcg: CONTAINER_PATH }, {}, [
          { rss: 900, anon: 900, adj: 1000, comm: 'api' },
          { pid: 7, rss: 150_000, anon: 150_000, comm: 'backupd', adj: 0, ...more },
        ]),
        { snapshots },
        { comm: 'api', ...death },
      ),
    )
  const said = (...of: Parameters<typeof spared>) => hostProcessGrowth.evaluate(spared(...of) as never)
  test('the unit of another than the victim is that of its own row in a list of processes', () => {
    expect(saidIn(said({}, [process(7, 'backup.service')]))).toContain('(PID 7, unit backup.service)')
    expect(said({}, [process(7, 'backup.service')])).toMatchObject({ confidence: 'high', against: null })
    expect(saidIn(said({}, [process(8, 'other.service')]))).toContain('backupd (PID 7), a process')
    expect(said({}, [process(8, 'other.service')])?.against).not.toBeNull()
    expect(saidIn(said({}, [process(7, null), process(7, 'backup.service')]))).toContain('unit backup.service')
    expect(saidIn(said({}, [{ ...process(7, 'no.service'), kind: 'setting' } as never, process(7, 'backup.service')]))).toContain(
      'unit backup.service',
    )
    expect(said({}, [process(7, 'user@1000.slice')])?.confidence).toBe('medium')
  })
  test('outside of pods its name or its unit tells that it is of the host', () => {
    const outside = (comm: string, snapshots: readonly Snapshot[] = []) => {
      const of = spared({ comm }, snapshots, { workload: null, memcg: '/other' })
      return hostProcessGrowth.evaluate({ ...of, victimCgroup: null } as never)
    }
    expect(outside('backupd')).toBeNull()
    expect(outside('kubelet')).not.toBeNull()
    expect(outside('backupd', [process(7, 'backup.service')])).not.toBeNull()
    expect(outside('backupd', [process(100, 'backup.service')])).toBeNull()
  })
  test('another of two fifths of its size: which of them grew is open', () => {
    const two = (pages: number) =>
      hostProcessGrowth.evaluate(
        factsWith(
          killed(
            globalDump({ taskMemcg: SERVICE }, { active_anon: 208_000 }, [
              { rss: 120_000, anon: 120_000 },
              { pid: 9, rss: pages, anon: pages, comm: 'clamd' },
            ]),
          ),
        ) as never,
      )
    expect(saidIn(two(48_000))).toContain('clamd (PID 9) held 188 MiB beside it: which of the two grew is open')
    expect(two(48_000)?.confidence).toBe('medium')
    expect(saidIn(two(47_999))).not.toContain('clamd')
    expect(two(47_999)?.confidence).toBe('high')
  })
  test('of an eviction the table tells who grew, and is not sure', () => {
    const evicted = spared({}, [process(7, 'backup.service')], { killer: 'kubelet' })
    expect(hostProcessGrowth.evaluate(evicted as never)?.confidence).toBe('medium')
    expect(hostProcessGrowth.evaluate({ ...evicted, scope: 'memcg' } as never)).toBeNull()
    expect(hostProcessGrowth.evaluate({ ...evicted, kill: { ...evicted.kill, killer: 'earlyoom' } } as never)).toBeNull()
  })
})

describe('too little reserved for the host', () => {
  const own = (pages: number, more: Partial<IncidentFacts> = {}, comm = 'kubelet') =>
    factsWith(
      inPod(
        globalDump({ taskMemcg: CONTAINER_PATH }, { active_anon: 208_000 }, [
          { rss: 900, anon: 900, adj: 1000, comm: 'api' },
          { pid: 7, rss: pages, anon: pages, comm, adj: -999 },
        ]),
        {},
        { comm: 'api' },
      ),
      { node: node({ allocatableBytes: { value: 472 * MIB, quote: quote('memory: 472Mi', 61) } }), ...more },
    )
  const ofNode = (...of: Parameters<typeof own>) => reservationsTooSmall.evaluate(own(...of) as never)
  test('a daemon that holds more than what capacity leaves beside allocatable', () => {
    expect(ofNode(500 * 256 + 1)).toMatchObject({ confidence: 'medium' })
    expect(ofNode(500 * 256)).toBeNull()
    expect(saidIn(ofNode(140_000))).toContain('leaves 500 MiB to the host, and kubelet alone held 547 MiB')
    expect(
      ofNode(140_000)
        ?.evidence.slice(0, 2)
        .map(({ text }) => text),
    ).toEqual(['memory: 972Mi', 'memory: 472Mi'])
    expect(ofNode(140_000, { node: node({ capacityBytes: null }) })).toBeNull()
    expect(ofNode(140_000, { node: node({ allocatableBytes: null }) })).toBeNull()
    expect(ofNode(140_000, { node: null })).toBeNull()
    expect(ofNode(140_000, { victimCgroup: null, kill: { ...own(1).kill, workload: null } as never })).toBeNull()
  })
  const group = (path: string, tasks: RowFigures[], more: Partial<IncidentFacts> = {}, incident: Partial<Incident> = {}) =>
    factsWith(killed(memcgDump({ oomMemcg: path, taskMemcg: `${path}/osqueryd.service` }, {}, tasks), incident, { comm: 'osqueryd' }), more)
  const rows = (...names: string[]): RowFigures[] =>
    names.map((comm, n) => ({ pid: 100 + n, rss: (30 - 5 * n) * 256, anon: (30 - 5 * n) * 256, comm }))
  const enforced = (...of: Parameters<typeof group>) => reservationsTooSmall.evaluate(group(...of) as never)
  test('the daemons’ own group, on a node of Kubernetes', () => {
    expect(saidIn(enforced('/system.slice', rows('osqueryd', 'kubelet', 'containerd', 'sshd')))).toContain(
      'enforces systemReserved on /system.slice: the daemons of the host may use 80 MiB together (kubelet 20.6 MiB, containerd 16.4 MiB among them)',
    )
    expect(saidIn(enforced('/kubelet.slice', rows('kubelet')))).toContain('enforces kubeReserved on /kubelet.slice')
    expect(enforced('/my.slice', rows('kubelet'))).toBeNull()
    expect(enforced('/system.slice', rows('osqueryd'))).toBeNull()
    expect(saidIn(enforced('/system.slice', rows('osqueryd'), { node: node() }))).toMatch(/80 MiB together, and need more/)
    const coverage = { ...group('/', []).incident.coverage, kubelet: true }
    expect(enforced('/system.slice', rows('osqueryd'), {}, { coverage })).not.toBeNull()
  })
  test('the setting that is to be raised, and from what', () => {
    const raise = (facts: IncidentFacts) => reservationsTooSmall.recommend?.(facts as never) ?? []
    const [setting, use] = raise(group('/system.slice', rows('kubelet')))
    expect(textsOf([setting])[0]).toContain("Raise systemReserved in the kubelet's configuration from 80 MiB to 128 MiB (memory: 128Mi)")
    expect(setting).toMatchObject({ lookFirst: true })
    expect(use?.command).toBe('systemd-cgtop -m -n 1 -b /system.slice')
    const [ofMachine, daemons] = raise(own(140_000))
    expect(textsOf([ofMachine])[0]).toContain(
      "Raise systemReserved and kubeReserved in the kubelet's configuration from 500 MiB to what the host's daemons use",
    )
    expect(daemons?.command).toContain('/api/v1/nodes/node-1/proxy/stats/summary')
    for (const unknown of [{ capacityBytes: null }, { allocatableBytes: null }])
      expect(textsOf([raise(own(140_000, { node: node(unknown) }))[0]])[0]).toContain("configuration to what the host's daemons use")
    expect(raise(own(140_000, { node: null }))[1]?.command).toBe('systemd-cgtop -m -n 1 -b /system.slice')
  })
})
