import { describe, expect, it } from 'vitest'
import type { Extractor } from '../../src/extract/define-extractor.ts'
import { earlyoom } from '../../src/extract/earlyoom.ts'
import { lmkd } from '../../src/extract/lmkd.ts'
import { nodeProblemDetector } from '../../src/extract/node-problem-detector.ts'
import { nohang } from '../../src/extract/nohang.ts'
import { oomd } from '../../src/extract/oomd.ts'
import { slurm } from '../../src/extract/slurm.ts'
import { systemdOomd } from '../../src/extract/systemd-oomd.ts'
import { talos } from '../../src/extract/talos.ts'
import { yarn } from '../../src/extract/yarn.ts'
import { eventsOf, record } from './records.ts'

const MiB = 1024 ** 2
const by =
  (extractor: Extractor, identifier: string | null) =>
  (...messages: string[]) =>
    eventsOf(
      extractor,
      messages.map((message) => record(message, { identifier })),
    )

describe('systemd-oomd', () => {
  const say = by(systemdOomd, 'systemd-oomd')
  it.each([
    [
      'Killed /x.slice/y.scope due to memory pressure for /x.slice being 86.80% > 50.00% for > 20s with reclaim activity',
      {
        cgroup: '/x.slice/y.scope',
        monitored: '/x.slice',
        reason: 'memory pressure for /x.slice being 86.80% > 50.00% for > 20s with reclaim activity',
      },
    ],
    ['Killed /x due to memory pressure for /y being 86.80% > 50.00% for 1s', { cgroup: '/x', monitored: '/y' }],
    [
      'Killed /b.slice/b.service due to memory used (16109408256) / total (16474247168) and swap used (1982627840) / total (2147479552) being more than 90.00%',
      { cgroup: '/b.slice/b.service', memTotalBytes: 16474247168, memAvailableBytes: 16474247168 - 16109408256, monitored: null },
    ],
    ['Killed /b due to swap used (1982627840) / total (2147479552) being more than 90.00%', { cgroup: '/b' }],
    [
      'Marked /workers.slice/t.service for killing due to memory pressure for /workers.slice being 14.41% > 5.00% for > 3s with reclaim activity',
      { cgroup: '/workers.slice/t.service', monitored: '/workers.slice' },
    ],
    ['oomd dry-run: Would have tried to kill /x with recurse=true', { cgroup: '/x', dryRun: true }],
    ['oomd dry-run: Would have tried to kill /x and all its descendants', { cgroup: '/x', dryRun: true }],
  ])('%s', (message, expected) => {
    expect(say(message)).toMatchObject([{ kind: 'userspace-kill', killer: 'systemd-oomd', dryRun: false, ...expected }])
  })
  it('folds the candidates into the kill, the victim’s figures and lines only', () => {
    const block = [
      'Considered 72 cgroups for killing, top candidates were:',
      '\tPath: /a',
      '\t\tMemory Pressure Limit: 0.00%',
      '\t\tPressure: Avg10: 1.77 Avg60: 0.50 Avg300: 0.10 Total: 1s',
      '\t\tCurrent Memory Usage: 3.1G',
      '\tPath: /b',
      '\t\tCurrent Memory Usage: 20.1M',
      'Killed /b due to memory pressure for /y being 86.80% > 50.00% for > 20s with reclaim activity',
    ]
    const expected = [{ cgroup: '/b', usageBytes: Math.round(20.1 * MiB) }]
    const events = say(...block)
    expect(events).toMatchObject(expected)
    expect(events[0]?.quotes.map(({ text }) => text.trim())).toEqual([block.at(-1), block[0], 'Path: /b', 'Current Memory Usage: 20.1M'])
    expect(say(block.slice(0, -1).join('\n'), block.at(-1) as string)).toMatchObject(expected)
  })
  it('tells a cgroup that was marked and then killed once', () => {
    const why = 'due to memory pressure for /y being 86.80% > 50.00% for > 20s with reclaim activity'
    expect(say(`Marked /x for killing ${why}`, 'Invoking oomd prekill hook …', `Killed /x ${why}`)).toHaveLength(1)
  })
  it('a dry run tries all candidates: one is told', () => {
    expect(
      say('oomd dry-run: Would have tried to kill /a with recurse=true', 'oomd dry-run: Would have tried to kill /b with recurse=true'),
    ).toHaveLength(1)
  })
  it('believes nobody else', () => {
    expect(by(systemdOomd, 'myapp')('Killed /x due to memory pressure for /y being 86.80% > 50.00% for > 20s')).toEqual([])
  })
})

describe('earlyoom', () => {
  const say = by(earlyoom, 'earlyoom')
  it.each([
    ['≤ 1.1', 'Killing process 1234 chrome', { pid: 1234, comm: 'chrome', rssBytes: null }],
    [
      '1.2',
      "Killing process 'tail' with signal 15, pid: 24059, badness: 997, VmRSS: 4278 MiB",
      { pid: 24059, comm: 'tail', signal: 'SIGTERM', rssBytes: 4278 * MiB },
    ],
    [
      '1.3',
      'sending SIGTERM to process 12006 "python3": badness 209, VmRSS 2891 MiB',
      { pid: 12006, comm: 'python3', signal: 'SIGTERM', rssBytes: 2891 * MiB, uid: null },
    ],
    ['1.5', 'sending SIGTERM to process 12006 uid 1009 "python3": badness 209, VmRSS 2891 MiB', { pid: 12006, uid: 1009 }],
    [
      '1.8',
      'sending SIGKILL to process 3887 uid 1009 "java": oom_score 1067, VmRSS 4352 MiB, cmdline "java -Xmx4g -jar "x.jar""',
      { pid: 3887, comm: 'java', signal: 'SIGKILL', cmdline: 'java -Xmx4g -jar "x.jar"', oomScoreAdj: null },
    ],
    [
      '1.9',
      'sending SIGTERM to process 376 uid 1000 "chrome": oom_score 1244, oom_score_adj 300, VmRSS 546 MiB, cmdline "/bin/hog"',
      { pid: 376, comm: 'chrome', oomScoreAdj: 300, rssBytes: 546 * MiB },
    ],
  ])('%s', (_, message, expected) => {
    expect(say(message)).toMatchObject([{ kind: 'userspace-kill', killer: 'earlyoom', dryRun: false, ...expected }])
  })
  it('folds all lines of a death into one kill', () => {
    const lines = [
      'mem avail:   186 of   750 MiB (24.89%), swap free:    0 of    0 MiB ( 0.00%)',
      'low memory! at or below SIGTERM limits: mem 25.00%, swap 100.00%',
      'sending SIGTERM to process 376 uid 1000 "chrome": oom_score 1244, oom_score_adj 300, VmRSS 546 MiB, cmdline "/bin/hog"',
      'escalating to SIGKILL after 6.5 seconds',
      'process 376 exited after 6.7 seconds',
    ]
    const events = say(...lines)
    expect(events).toMatchObject([
      {
        pid: 376,
        signal: 'SIGKILL',
        reason: 'at or below SIGTERM limits: mem 25.00%, swap 100.00%',
        memAvailableBytes: 186 * MiB,
        memTotalBytes: 750 * MiB,
      },
    ])
    expect(events[0]?.quotes.map(({ text }) => text)).toEqual([lines[2], lines[1], lines[3], lines[4]])
  })
  it('a second signal to the same process is the same death, another process is another', () => {
    const kill = (signal: string, pid: number) => `sending ${signal} to process ${pid} uid 1 "a": badness 9, VmRSS 1 MiB`
    expect(say(kill('SIGTERM', 1), kill('SIGKILL', 1), kill('SIGTERM', 2))).toMatchObject([
      { pid: 1, signal: 'SIGKILL' },
      { pid: 2, signal: 'SIGTERM' },
    ])
  })
  it('flags a dry run', () => {
    const lines = ['sending SIGTERM to process 1 uid 1 "a": badness 9, VmRSS 1 MiB', 'dryrun, not actually sending any signal']
    expect(say(...lines)).toMatchObject([{ dryRun: true }])
  })
  it('a signal that could not be sent killed nobody, nor did one left to the kernel', () => {
    const sent = 'sending SIGTERM to process 1 uid 1 "a": badness 9, VmRSS 1 MiB'
    expect(say(sent, 'kill failed: Operation not permitted')).toEqual([])
    expect(say(sent, 'kill failed: Timer expired')).toHaveLength(1)
    expect(say('low memory! at or below SIGTERM limits: mem 5 %, swap 10 %', 'successfully triggered kernel OOM killer')).toEqual([])
  })
  it.each([
    ['myapp', 'sending SIGTERM to process 12006 "python3": badness 209, VmRSS 2891 MiB'],
    ['myapp', 'Killing process 1234 chrome'],
    [null, 'Killing process 1234 chrome'],
  ])('is not %s saying %s', (identifier, message) => {
    expect(by(earlyoom, identifier)(message)).toEqual([])
  })
})

describe('nohang', () => {
  const block = [
    'Memory status that requires corrective actions:',
    '  MemAvailable [47 MiB, 0.4 %] <= soft_threshold_min_mem [590 MiB, 5.0 %]',
    '  SwapFree [0 MiB, 0.0 %] <= soft_threshold_min_swap [10 %]',
    'Found 48 processes with existing /proc/[pid]/exe realpath',
    'TOP-15 tasks by badness:',
    '  Name                PID badness',
    '  --------------- ------- -------',
    '  java              4242     987',
    'Victim information (found in 7 ms):',
    '  Name:      java',
    '  State:     S (sleeping)',
    '  PID:       4242',
    '  EUID:      1000',
    '  badness:   987',
    '  oom_score_adj:  0',
    '  VmRSS:     4352 MiB (Anon: 4300 MiB, File: 52 MiB, Shmem: 0 MiB)',
    '  CGroup_v1: /',
    '  CGroup_v2: /user.slice/user-1000.slice/session-3.scope',
    '  Cmdline:   java -Xmx8g -jar app.jar',
    'Implementing a corrective action:',
    '  Sending SIGTERM to the victim',
    'The victim died in 0.1s',
  ]
  const expected = {
    killer: 'nohang',
    pid: 4242,
    comm: 'java',
    uid: 1000,
    oomScoreAdj: 0,
    rssBytes: 4352 * MiB,
    cgroup: '/user.slice/user-1000.slice/session-3.scope',
    cmdline: 'java -Xmx8g -jar app.jar',
    signal: 'SIGTERM',
    reason: 'MemAvailable [47 MiB, 0.4 %] <= soft_threshold_min_mem [590 MiB, 5.0 %]',
    memAvailableBytes: 47 * MiB,
  }
  it('reads a block of records, or one record of many lines', () => {
    expect(by(nohang, 'nohang')(...block)).toMatchObject([expected])
    expect(by(nohang, 'nohang')(block.join('\n'))).toMatchObject([expected])
  })
  it('dates it by the signal', () => {
    expect(by(nohang, 'nohang')(...block)[0]?.quotes[0]?.text).toBe('  Sending SIGTERM to the victim')
  })
  it('a block without a signal is no kill', () => {
    expect(by(nohang, 'nohang')(...block.slice(0, 8))).toEqual([])
  })
})

describe('others', () => {
  it('oomd', () => {
    const line =
      'oomd kill: 10.00 60.00 600.00 system.slice/x.service 536870912 ruleset:[protection] detectorgroup:[high pressure] killer:kill_by_memory_size v2'
    expect(by(oomd, null)(line)).toMatchObject([
      { killer: 'oomd', cgroup: '/system.slice/x.service', usageBytes: 536870912, dryRun: false },
    ])
    expect(by(oomd, null)(line.replace('kill: ', 'kill: (dry) '))).toMatchObject([{ dryRun: true, cgroup: '/system.slice/x.service' }])
  })
  it('lmkd', () => {
    const line =
      "lowmemorykiller: Kill 'com.example.app' (24017), uid 10123, oom_score_adj 900 to free 4963256kB rss, 0kB swap; reason: min watermark is breached even after kill"
    expect(by(lmkd, null)(line)).toMatchObject([
      {
        killer: 'lmkd',
        pid: 24017,
        comm: 'com.example.app',
        uid: 10123,
        oomScoreAdj: 900,
        rssBytes: 4963256 * 1024,
        reason: 'min watermark is breached even after kill',
      },
    ])
  })
  it('the driver of old Android kernels, in one record or in several', () => {
    const lines = [
      "lowmemorykiller: Killing 'd.process.media' (2846) (tgid 2846), adj 999,",
      "   to free 81288kB on behalf of 'kswapd0' (136) because",
      '   cache 321644kB is below limit 322560kB for oom_score_adj 950',
      '   Free memory is 1234kB above reserved',
    ]
    const expected = [{ pid: 2846, comm: 'd.process.media', oomScoreAdj: 999, rssBytes: 81288 * 1024 }]
    for (const events of [by(lmkd, 'kernel')(...lines), by(lmkd, 'kernel')(lines.join('\n'))]) {
      expect(events).toHaveLength(1)
      expect(events[0]).toMatchObject({ ...expected[0], reason: expect.stringMatching(/^cache 321644kB is below limit/) })
    }
  })
  it('Talos', () => {
    const lines = [
      '[talos] OOM controller triggered {"component": "controller-runtime", "controller": "runtime.OOMController", "trigger": "psi"}',
      '[talos] Sending SIGKILL to cgroup {"component":"controller-runtime","controller":"runtime.OOMController","cgroup":"/sys/fs/cgroup/kubepods/burstable/pod77f0"}',
    ]
    expect(by(talos, null)(...lines)).toMatchObject(
      [{ killer: 'talos', cgroup: '/kubepods/burstable/pod77f0', reason: /OOM controller/ }].map((event) => ({
        ...event,
        reason: expect.stringContaining('OOM controller triggered'),
      })),
    )
  })
  it.each([
    [
      'slurmstepd: error: Detected 1 oom-kill event(s) in StepId=123.batch. Some of your processes may have been killed by the cgroup out-of-memory handler.',
      { processes: 1, monitored: 'StepId=123.batch' },
    ],
    [
      'slurmstepd: error: Detected 3 oom-kill event(s) in step 123.0 cgroup. Some of your processes may have been killed by the cgroup out-of-memory handler.',
      { processes: 3, monitored: 'StepId=123.0' },
    ],
    [
      'slurmstepd: error: Job 123 exceeded memory limit (2097152 > 1048576), being killed',
      { monitored: 'JobId=123', usageBytes: 2097152 * 1024, memTotalBytes: 1048576 * 1024 },
    ],
  ])('%s', (line, expected) => {
    expect(by(slurm, null)(line)).toMatchObject([{ killer: 'slurm', ...expected }])
  })
  it('YARN, once per container', () => {
    const line =
      'Container [pid=4242,containerID=container_e17_1410901177871_0001_01_000005] is running beyond physical memory limits. Current usage: 2.1 GB of 2 GB physical memory used; 3.5 GB of 4.2 GB virtual memory used. Killing container.'
    const newer =
      "Container [pid=4242,containerID=container_1410901177871_0001_01_000005] is running 104857600B beyond the 'PHYSICAL' memory limit. Current usage: 2.1 GB of 2 GB physical memory used; 3.5 GB of 4.2 GB virtual memory used. Killing container."
    const expected = { killer: 'yarn', pid: 4242, usageBytes: Math.round(2.1 * 1024 ** 3), memTotalBytes: 2 * 1024 ** 3 }
    expect(by(yarn, null)(line, line)).toMatchObject([expected])
    expect(by(yarn, null)(newer)).toMatchObject([expected])
    expect(
      by(
        yarn,
        null,
      )(
        'Container killed by YARN for exceeding memory limits. 5.5 GB of 5.5 GB physical memory used. Consider boosting spark.yarn.executor.memoryOverhead.',
      ),
    ).toMatchObject([{ killer: 'yarn', usageBytes: 5.5 * 1024 ** 3 }])
  })
  it('node-problem-detector', () => {
    const line =
      'I0114 18:02:17.686538    1 log_monitor.go:160] New status generated: &{Source:kernel-monitor Events:[{Severity:warn Timestamp:2022-01-14 18:01:55 +0000 UTC Reason:OOMKilling Message:Killed process 4242 (Web Content) total-vm:1kB, anon-rss:2kB}] Conditions:[]}'
    expect(by(nodeProblemDetector, null)(line)).toMatchObject([
      { what: 'npd-oom-killing', pid: 4242, comm: 'Web Content', message: 'Killed process 4242 (Web Content) total-vm:1kB, anon-rss:2kB' },
    ])
  })
})
