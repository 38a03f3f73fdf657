import { describe, expect, test } from 'vitest'
import { mendedText } from '../../../../src/formats/damage/paste/index.ts'
import { reachOf } from '../../../../src/formats/damage/paste/whole-message.ts'
import { brokenAnywhere } from '../../../scan/mail.ts'

const path = '/system.slice/billing-worker.service'
const messages: Readonly<Record<string, string>> = {
  summary: `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=billing-worker,pid=7110,uid=997`,
  kill: 'Memory cgroup out of memory: Killed process 7110 (billing-worker) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB, UID:997 pgtables:1412kB oom_score_adj:-998',
  'RHEL 7': 'Killed process 7110 (billing-worker), UID 997, total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB',
  choice: 'Memory cgroup out of memory: Kill process 7110 (billing-worker) score 1966 or sacrifice child',
  reaper: 'oom_reaper: reaped process 7110 (billing-worker), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB',
  trigger: 'invoked oom-killer: gfp_mask=0x1100cca(GFP_HIGHUSER_MOVABLE), nodemask=(null), order=0, oom_score_adj=-999',
}
const fronts = ['', '[ 8123.100010] ', 'Nov 24 07:04:29 app7 kernel: ', '2026-11-24T07:04:29.123456+00:00 app7 kernel: [ 8123.100010] ']

describe.each(Object.entries(messages))('%s', (name, message) => {
  test('is begun by each of its beginnings, and whole at its end', () => {
    for (let end = 1; end < message.length; end += 1)
      expect(reachOf(message.slice(0, end)), message.slice(0, end)).not.toBe(name === 'trigger' && end < 20 ? '' : 'none')
    expect(reachOf(message)).toBe('whole')
  })

  test.each(fronts)('is put together wherever it is broken behind %j', async (front) => {
    const line = (name === 'trigger' ? `${front}java ` : front) + message
    const least = front.length + (name === 'trigger' ? 25 : 4)
    for (let at = least; at < line.length; at += 1)
      for (const blank of ['', ' ']) {
        const text = `Hello,\n\n${line.slice(0, at)}${blank}\n${line.slice(at)}\n\nThanks (billing-worker)\n`
        const lines = (await mendedText(text))?.map((own) => own.text) ?? []
        expect(lines, text).toContain(line)
      }
  })

  test('is put together from many pieces', async () => {
    const line = `Nov 24 07:04:29 app7 kernel: ${message}`
    for (const seed of [1, 2, 3, 4, 5]) {
      const text = ['(billing-worker)', ...brokenAnywhere(line, seed), ''].join('\n')
      expect(((await mendedText(text)) ?? text.split('\n').map((own) => ({ text: own }))).map((own) => own.text)).toContain(line)
    }
  })
})

test.each([
  'oom-kill: constraint',
  'Killed process x',
  'Killed process 12 by the operator',
  'Killed process 12 (a) because of a bug',
  'oom_reaper: reaped process 12 (a) and another',
  'Memory is short',
])('%s is none', (text) => {
  expect(reachOf(text)).toBe('none')
})

test('prose behind a cut message is none of it', async () => {
  const cut = `[ 8123.100010] Memory cgroup out of memory: Killed process 7110 (billing-worker) total-vm:912044kB,\nDoes anybody know why?\n`
  expect(((await mendedText(cut)) ?? cut.split('\n').map((text) => ({ text }))).map(({ text }) => text)).toContain('Does anybody know why?')
})

test('the words of a trigger that begin a line belong to the name above', async () => {
  const text =
    'Nov 24 07:04:29 app7 kernel: [ 8123.100010] nginx\ninvoked oom-killer: gfp_mask=0x1100cca(GFP_HIGHUSER_MOVABLE),\nnodemask=(null), order=0, oom_score_adj=-999\n'
  expect((await mendedText(text))?.[0]?.text).toContain('nginx invoked oom-killer: gfp_mask')
})
