import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { UserspaceKillEvent } from '../../../src/model/event.ts'
import { pressureThreshold } from '../../../src/rules/limit/pressure-threshold.ts'
import { userspaceKiller } from '../../../src/rules/root-cause/userspace-killer.ts'
import { userspacePolicy } from '../../../src/rules/selection/userspace-policy.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote } from '../../kernel/make-dump.ts'
import { factsWith, MIB, saidIn, textsOf } from '../facts-with.ts'
import { CONTAINER_PATH, makeDeath, makeIncident, podWorkload } from '../make-incident.ts'

describe('a killer in userspace', () => {
  type Killer = UserspaceKillEvent['killer']
  const facts = (
    killer: Killer | 'kernel',
    event: Partial<UserspaceKillEvent> | null = {},
    death = {},
    more: Partial<IncidentFacts> = {},
  ) => {
    const own = {
      kind: 'userspace-kill',
      killer,
      pid: 100,
      comm: 'java',
      cgroup: null,
      rssBytes: null,
      processes: null,
      signal: null,
      reason: null,
      monitored: null,
      dryRun: false,
      usageBytes: null,
      memAvailableBytes: null,
      memTotalBytes: null,
      quotes: [],
      ...event,
    }
    return factsWith(makeIncident({ kills: [makeDeath(null, { killer, event: event === null ? null : (own as never), ...death })] }), more)
  }
  const cause = (...of: Parameters<typeof facts>) => userspaceKiller.evaluate(facts(...of) as never)
  const advice = (...of: Parameters<typeof facts>) => userspaceKiller.recommend?.(facts(...of) as never) ?? []
  const all = ['systemd-oomd', 'earlyoom', 'nohang', 'oomd', 'lmkd', 'talos'] as const
  test.each(all)('%s decides by itself', (killer) => {
    expect(saidIn(cause(killer))).toContain(`${killer} kills before the kernel has to`)
    expect(advice(killer)[0]).toMatchObject({ lookFirst: true, when: 'now' })
    expect(textsOf(advice(killer))[0]).toContain(`Decide whether ${killer} should kill java`)
    expect(plainPhrase(advice(killer)[0]?.why ?? [])).not.toContain('its own threshold;')
    expect(pressureThreshold.evaluate(facts(killer) as never)).not.toBeNull()
    expect(textsOf(advice(killer)).some((text) => text.includes('Watch the memory pressure'))).toBe(killer !== 'earlyoom')
  })
  test('the kernel is none of them', () => {
    expect(cause('kernel', null)).toBeNull()
    expect(pressureThreshold.evaluate(facts('kernel', null) as never)).toBeNull()
    expect(userspacePolicy.evaluate(facts('kernel', null) as never)).toBeNull()
  })
  test('its readings: how fast memory went, and what the death gave back, a twentieth at least', () => {
    const read = (
      before: number | null,
      left: number | null,
      after: number | null,
      total: number | null = 1000,
      seconds: number | null = 30,
    ) =>
      saidIn(
        cause('earlyoom', {
          memAvailableBytes: left === null ? null : left * MIB,
          memTotalBytes: total === null ? null : total * MIB,
          ...(before === null ? {} : { earlier: { availableBytes: before * MIB, seconds, quote: quote('first reading', 5) } }),
          ...(after === null ? {} : { after: { availableBytes: after * MIB, quote: quote('reading after', 6) } }),
        }),
      )
    expect(read(150, 100, null)).toContain('Available memory had fallen from 150 MiB to 100 MiB in 30 s.')
    expect(read(149, 100, null)).not.toContain('fallen')
    expect(read(150, 100, null, 1000, null)).toContain('to 100 MiB.')
    expect(read(105, 100, null, null)).toContain('fallen')
    expect(read(104, 100, null, null)).not.toContain('fallen')
    expect(read(150, null, 300)).toMatch(/threshold was passed\.$/)
    expect(read(null, 100, 150)).toContain('After the kill 150 MiB was available, 50 MiB more.')
    expect(read(null, 100, 149)).toContain('The kill freed little: 149 MiB')
    expect(read(150, 100, 300)).toContain('fallen from 150 MiB to 100 MiB in 30 s. After the kill 300 MiB was available, 200 MiB more.')
    expect(read(null, 100, null)).toMatch(/threshold was passed\.$/)
    expect(saidIn(cause('earlyoom', null))).toMatch(/threshold was passed\.$/)
    const quotes = cause('earlyoom', {
      memAvailableBytes: 1,
      earlier: { availableBytes: 1, seconds: null, quote: quote('first reading', 5) },
      after: { availableBytes: 1, quote: quote('reading after', 6) },
    })?.evidence
    expect(quotes?.map(({ text }) => text).slice(-2)).toEqual(['first reading', 'reading after'])
  })
  test('who it was, what it held, and at what threshold', () => {
    const text = (...of: Parameters<typeof advice>) => textsOf(advice(...of))
    expect(text('earlyoom', { reason: 'mem <= 10%' })[0]).toContain('kill java (mem <= 10%): if not')
    expect(text('earlyoom', { memAvailableBytes: 90 * MIB })[0]).toContain('(it acted with 90 MiB left)')
    expect(text('earlyoom')[0]).toContain('kill java: if not, exempt it (--avoid in /etc/default/earlyoom)')
    expect(text('earlyoom', null)[0]).toContain('kill java: if not')
    expect(text('earlyoom', { rssBytes: 80 * MIB, usageBytes: 90 * MIB })[1]).toContain('java (80 MiB) grew')
    expect(text('earlyoom', { usageBytes: 90 * MIB })[1]).toContain('java (90 MiB) grew')
    expect(text('earlyoom', {}, { anonRssBytes: 70 * MIB })[1]).toContain('java (70 MiB) grew')
    expect(text('earlyoom', null, { anonRssBytes: 70 * MIB })[1]).toContain('java (70 MiB) grew')
    expect(text('earlyoom')[1]).toContain('whether java grew')
    const nameless = { comm: null, pid: null }
    expect(text('oomd', {}, { ...nameless, workload: podWorkload })[0]).toContain('should kill api: if not, exempt it or change')
    expect(text('oomd', {}, { ...nameless, workload: { ...podWorkload, container: null, unit: 'a.service' } })[0]).toContain(
      'kill a.service',
    )
    expect(text('oomd', {}, { ...nameless, memcg: '/a' })[0]).toContain('kill /a:')
    expect(text('oomd', {}, nameless)[0]).toContain('kill the victim')
  })
  test('how systemd-oomd leaves a unit or pods alone', () => {
    const exempt = (event: Partial<UserspaceKillEvent>, death = {}) => textsOf(advice('systemd-oomd', event, death))[0]
    expect(exempt({}, { memcg: '/system.slice/a.service' })).toContain('systemctl set-property a.service ManagedOOMPreference=avoid')
    expect(exempt({}, { workload: { ...podWorkload, kind: 'systemd-unit', unit: 'b.service', podUid: null } })).toContain(
      'set-property b.service',
    )
    expect(exempt({})).toContain('(ManagedOOMPreference=avoid of its unit)')
    expect(exempt({}, { memcg: CONTAINER_PATH })).toContain('systemctl set-property kubepods.slice ManagedOOMMemoryPressure=auto')
    expect(exempt({}, { workload: podWorkload })).toContain('set-property kubepods.slice')
    expect(exempt({ monitored: '/kubepods.slice/kubepods-burstable.slice' }, { workload: podWorkload })).toContain(
      'set-property kubepods-burstable.slice ManagedOOMMemoryPressure=auto',
    )
    expect(exempt({ monitored: '/a/b.scope' }, { workload: podWorkload })).toContain('set-property kubepods.slice')
    expect(exempt({ bySwap: true }, { workload: podWorkload })).toContain('ManagedOOMSwap=auto')
  })
  test('by swap it watches how full that is, else the pressure of the group that it watched', () => {
    const last = (...of: Parameters<typeof advice>) => advice(...of).at(-1)
    expect(textsOf([last('systemd-oomd', { bySwap: true })])[0]).toContain('Watch how full swap is')
    expect(last('systemd-oomd', { bySwap: true })).toMatchObject({ lookFirst: true })
    expect(plainPhrase(advice('systemd-oomd', { bySwap: true })[0]?.why ?? [])).toContain('SwapUsedLimit=')
    expect(last('systemd-oomd', { monitored: '/a.slice' })?.command).toBe('cat /sys/fs/cgroup/a.slice/memory.pressure')
    expect(textsOf([last('systemd-oomd', { monitored: '/a.slice' })])[0]).toContain('memory pressure of /a.slice')
    // The group that was killed is gone, and its file with it.
    expect(last('systemd-oomd', { monitored: '/a.slice' }, { memcg: '/a.slice' })?.command).toBe('cat /proc/pressure/memory')
    expect(last('systemd-oomd')?.command).toBe('cat /proc/pressure/memory')
  })
  test('a job asks for more: by its number, else by what the line calls it', () => {
    const ask = (...of: Parameters<typeof advice>) => advice(...of)[0]
    expect(ask('slurm', { job: '42', monitored: '42.batch' })?.command).toBe('sacct -j 42 --format=JobID,ReqMem,MaxRSS,State')
    expect(ask('slurm', { monitored: '42.batch' })?.command).toContain('sacct -j 42.batch')
    expect(ask('slurm', null)?.command).toContain('sacct -j java')
    expect(ask('yarn', { job: '42' })?.command).toBe('yarn application -list')
    expect(textsOf([ask('slurm', { monitored: '42.batch' })])[0]).toContain('Ask for more memory for 42.batch')
    expect(ask('slurm')).toMatchObject({ lookFirst: true })
    expect(advice('slurm')).toHaveLength(1)
    expect(saidIn(cause('slurm'))).toContain('The job used more memory than it had asked slurm for')
    expect(saidIn(cause('yarn'))).toContain('asked yarn for')
    expect(saidIn(cause('earlyoom'))).not.toContain('asked')
  })
  test('the threshold that was passed', () => {
    const told = (...of: Parameters<typeof facts>) => saidIn(pressureThreshold.evaluate(facts(...of) as never))
    expect(told('earlyoom', { memAvailableBytes: 90 * MIB, reason: 'low' })).toContain(
      'earlyoom killed java (PID 100) by its own threshold with 90 MiB of memory left: low. The kernel',
    )
    expect(told('earlyoom')).toContain('by its own threshold. The kernel')
    const nameless = { comm: null, pid: null }
    expect(told('systemd-oomd', { monitored: '/m', cgroup: '/c' }, { ...nameless, memcg: '/own' })).toContain('killed the cgroup /own by')
    expect(told('systemd-oomd', { monitored: '/m', cgroup: '/c' }, { ...nameless, memcg: null })).toContain('killed the cgroup /m by')
    expect(told('systemd-oomd', { cgroup: '/c' }, { ...nameless, memcg: null })).toContain('killed the cgroup /c by')
    expect(told('systemd-oomd', {}, { ...nameless, memcg: null })).toContain('killed the cgroup ? by')
    expect(told('systemd-oomd', {}, { comm: null, memcg: null })).toContain('PID 100')
    expect(told('slurm', { monitored: '42.batch', reason: 'oom_kill' })).toBe(
      'The job step 42.batch (java (PID 100)) used more memory than Slurm had granted it, and Slurm killed it: oom_kill.',
    )
    expect(told('slurm', { cgroup: '/c', echo: true }, nameless)).toBe(
      'The job step /c reached the memory limit that Slurm had set for it: the kernel killed in its cgroup, and Slurm counted it.',
    )
    expect(told('slurm', {}, { pid: null })).toContain('job step ? (java) used')
    expect(told('yarn', { monitored: 'container_1' }, nameless)).toBe(
      'The container container_1 used more memory than YARN had granted it, and YARN killed it.',
    )
  })
  test('its policy: whole cgroups, by pressure or by swap', () => {
    const told = (...of: Parameters<typeof facts>) => saidIn(userspacePolicy.evaluate(facts(...of) as never))
    expect(told('systemd-oomd')).toContain('by pressure and reclaim rather')
    expect(told('systemd-oomd', null)).toContain('by pressure and reclaim rather')
    expect(told('systemd-oomd', { bySwap: true })).toContain('by the swap that each uses rather')
    expect(told('earlyoom', { bySwap: true })).toBe('earlyoom chose by its own policy.')
  })
})
