import { describe, expect, it } from 'vitest'
import { logLoss } from '../../src/extract/log-loss.ts'
import { systemd } from '../../src/extract/systemd.ts'
import { eventsOf, record } from './records.ts'

const C = '25a38b5b8d556d79735df1ccbbd1b4b43e0a45a5a6f4b8d9a3f0f0a0a1b2c3d4'
const say = (message: string, identifier: string | null = 'systemd') => eventsOf(systemd, [record(message, { identifier })])

describe('systemd, kubernetes-oom §6.2', () => {
  it.each([
    ['X.service: A process of this unit has been killed by the OOM killer.', { what: 'oom-killed', unit: 'X.service' }],
    ['X.service: The kernel OOM killer killed some processes in this unit.', { what: 'oom-killed', unit: 'X.service' }],
    [
      `cri-containerd-${C}.scope: A process of this unit has been killed by the OOM killer.`,
      { what: 'oom-killed', unit: `cri-containerd-${C}.scope` },
    ],
    ['kubepods.slice: A process of this unit has been killed by the OOM killer.', { what: 'oom-killed', unit: 'kubepods.slice' }],
    ['app-foo\\x2dbar@1.service: Main process exited, code=killed, status=9/KILL', { what: 'main-exited', result: 'killed/9' }],
    ['X.service: Main process exited, code=exited, status=137/n/a', { what: 'main-exited', result: 'exited/137' }],
    ["X.service: Failed with result 'oom-kill'.", { what: 'failed', result: 'oom-kill' }],
    ["X.service: Failed with result 'signal'.", { what: 'failed', result: 'signal' }],
    [
      'X.service: Consumed 25.690s CPU time over 1min 23.032s wall clock time, 36.1G memory peak, 10.6G memory swap peak.',
      { what: 'consumed', memoryPeakBytes: Math.round(36.1 * 1024 ** 3) },
    ],
    ['X.scope: Consumed 492ms CPU time, 80M memory peak.', { what: 'consumed', memoryPeakBytes: 80 * 1024 ** 2 }],
    ['X.scope: systemd-oomd killed 19 process(es) in this unit.', { what: 'oomd-killed', unit: 'X.scope' }],
    ['X.scope: systemd-oomd killed some process(es) in this unit.', { what: 'oomd-killed', unit: 'X.scope' }],
    ['X.service: Stopping timed out. Killing.', { what: 'stop-timeout' }],
    ["X.service: State 'stop-sigterm' timed out. Killing.", { what: 'stop-timeout' }],
    ['X.service: Killing process 2234090 (zsh) with signal SIGKILL.', { what: 'process-killed', pid: 2234090, result: 'SIGKILL zsh' }],
    ['X.service: Scheduled restart job, restart counter is at 5.', { what: 'restart-scheduled', restartCounter: 5 }],
    ['X.service: Service RestartSec=100ms expired, scheduling restart.', { what: 'restart-scheduled', restartCounter: null }],
    ['Started kubelet.service - kubelet: The Kubernetes Node Agent.', { what: 'started', unit: 'kubelet.service' }],
  ])('%s', (message, expected) => {
    expect(say(message)).toMatchObject([{ kind: 'unit', ...expected }])
  })
  it('a consumption without a peak tells nothing of memory', () => {
    expect(say('X.service: Consumed 1.948s CPU time.')).toEqual([])
  })
  it('believes nobody else', () => {
    expect(say('X.service: A process of this unit has been killed by the OOM killer.', 'myapp')).toEqual([])
    expect(say('X.service: A process of this unit has been killed by the OOM killer.', null)).toHaveLength(1)
  })
})

describe('lost lines, support-bundles §5', () => {
  it.each([
    ['systemd-journald', 'Missed 12 kernel messages', { what: 'journal-missed', count: 12 }],
    ['systemd-journald', '/dev/kmsg buffer overrun, some messages lost.', { what: 'kmsg-overrun', count: null }],
    ['systemd-journald', 'Suppressed 4811 messages from app.service', { what: 'journal-missed', count: 4811, subject: 'app.service' }],
    [
      'rsyslogd',
      'imjournal: 4096 messages lost due to rate-limiting (20000 allowed within 600 seconds)',
      { what: 'syslog-lost', count: 4096 },
    ],
    ['rsyslogd', 'imuxsock lost 12 messages from pid 42 due to rate-limiting', { what: 'syslog-lost', count: 12 }],
    ['rsyslogd', 'imuxsock[pid 42]: begin to drop messages due to rate-limiting', { what: 'syslog-lost', count: null }],
  ])('%s: %s', (identifier, message, expected) => {
    expect(eventsOf(logLoss, [record(message, { identifier })])).toMatchObject([{ kind: 'loss', ...expected }])
  })
})

describe('older init systems', () => {
  it.each([
    [
      'systemd',
      'mysqld.service: main process exited, code=killed, status=9/KILL',
      { what: 'main-exited', unit: 'mysqld.service', result: 'killed/9' },
    ],
    ['systemd', 'Unit mysqld.service entered failed state.', { what: 'failed', unit: 'mysqld.service', result: null }],
    ['systemd', 'mysqld.service holdoff time over, scheduling restart.', { what: 'restart-scheduled', unit: 'mysqld.service' }],
    ['systemd', 'X.service: Service hold-off time over, scheduling restart.', { what: 'restart-scheduled', unit: 'X.service' }],
    ['init', 'web main process (1234) killed by KILL signal', { what: 'main-exited', unit: 'web', pid: 1234 }],
    ['init', 'web main process ended, respawning', { what: 'restart-scheduled', unit: 'web' }],
  ])('%s: %s', (identifier, message, expected) => {
    expect(say(message, identifier)).toMatchObject([{ kind: 'unit', ...expected }])
  })
})
