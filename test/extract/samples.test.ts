import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import { eventsIn } from './read-file.ts'

const samples = join(import.meta.dirname, '../../samples')

const word = (event: Event): string => {
  if (event.kind === 'eviction') return event.stage
  if (event.kind === 'userspace-kill') return `${event.killer} kills ${event.comm ?? event.cgroup ?? event.monitored}`
  return 'what' in event ? event.what : event.kind
}
/** The story of a file; repetitions counted. */
function story(path: string): string {
  const words: string[] = []
  for (const event of eventsIn(path)) {
    const last = /^(?<word>.*?)(?: ×(?<times>\d+))?$/.exec(words.at(-1) ?? '')?.groups
    if (last?.['word'] === word(event)) words[words.length - 1] = `${word(event)} ×${Number(last['times'] ?? 1) + 1}`
    else words.push(word(event))
  }
  return words.join(', ')
}

const expected: Readonly<Record<string, string>> = {
  'kubelet/1.20-system-oom-per-container.log':
    'kubelet-started, started ×2, system-oom, died, started, system-oom, died, back-off, started',
  'kubelet/1.27-crash-loop.log': 'started ×2, died, started, died, back-off, started, died, back-off, started, died, back-off',
  'kubelet/1.29-liveness-kill.log': 'kubelet-started, probe-failed ×5, killing, exit, died, started',
  'kubelet/1.30-eviction.json': 'attempting, ranked, evicted, died',
  'kubelet/1.31-eviction.log':
    'kubelet-started, started ×2, observed ×5, threshold-met, attempting, must-evict, ranked, killing, evicted, died, observed ×2',
  'kubelet/eras.log': 'threshold-met, attempting, must-evict, ranked, evicted, died, attempting, ranked, killing, kill-failed',
  'containerd/1.6-task-oom.syslog': 'oom, kernel-oom',
  'containerd/1.7-task-oom.json': 'oom, kernel-oom',
  'containerd/1.7-limit.log': 'created, started, oom, oom-killed, failed, created, started',
  'containerd/2.0-child-killed-then-exit.log': 'created, started, oom, oom-killed, exit',
  'crio/conmon.log': 'created, started, oom, exit',
  'systemd/252-memorymax.txt': 'started, oom-killed, main-exited, failed, kernel-oom',
  'systemd/262-leak-restarts.json': `${'started, oom-killed, main-exited, failed, restart-scheduled, '.repeat(4)}started, oom-killed, main-exited, failed, stopped`,
  'systemd-oomd/252-swap.txt': 'started, oom-killed, systemd-oomd kills /builder.slice/builder.service, oomd-killed, main-exited, failed',
  'systemd-oomd/262-pressure.json':
    'started, oom-killed, systemd-oomd kills /workers.slice/transcoder.service, oomd-killed, main-exited, failed, consumed',
  'earlyoom/1.9-sigterm.json': 'started, earlyoom kills chrome',
  'earlyoom/eras.log': 'earlyoom kills tail, earlyoom kills python3, earlyoom kills java',
  'userspace-killers/several.log':
    'nohang kills java, oomd kills /system.slice/x.service, lmkd kills com.example.app, slurm kills StepId=123.batch, npd-oom-killing, yarn kills container_e17_1410901177871_0001_01_000005',
  'runtimes/gunicorn-own-timeout.log': 'own-limit ×2',
  'runtimes/jvm.log': 'heap-exhausted ×2',
  'runtimes/node.log': 'heap-exhausted',
  'runtimes/postgresql.log': 'child-killed',
}

const folders = [...new Set(Object.keys(expected).map((name) => name.split('/')[0] as string))]

it.each(Object.keys(expected))('%s', (name) => {
  expect(story(join(samples, name))).toBe(expected[name])
})
it.each(folders)('samples/%s: each file is tested here and its README says where it is from', (folder) => {
  const readme = readFileSync(join(samples, folder, 'README.md'), 'utf8')
  const files = readdirSync(join(samples, folder)).filter((name) => name !== 'README.md')
  expect(files.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
  expect(files.filter((name) => expected[`${folder}/${name}`] === undefined)).toEqual([])
})
