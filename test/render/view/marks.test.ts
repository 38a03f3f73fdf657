import { describe, expect, it } from 'vitest'
import { addAnswer, marksIn, newProof } from '../../../src/render/view/marks.ts'
import { piecesOf } from '../../../src/render/view/pieces.ts'
import { bytes, code, count, say } from '../../../src/text/say.ts'
import { containerLimit } from '../../fixtures/reports.ts'

const bare = { ...containerLimit.incidents[0], kills: [], memory: null, memcg: null, consumers: null } as never
const marked = (
  message: string,
  statement: Parameters<typeof addAnswer>[2],
  question: Parameters<typeof addAnswer>[1] = 'consumer',
): string[] => {
  const proof = newProof()
  addAnswer(proof, question, statement, bare)
  return marksIn(message, proof, 4096).map(([from, to]) => message.slice(from, to))
}

describe('the proving figure is marked', () => {
  it.each([
    [
      'in the unit of the line',
      'memory: usage 81920kB, limit 81920kB, failcnt 9',
      say`held ${bytes(80 * 1024 * 1024)}`,
      ['81920kB', '81920kB'],
    ],
    ['in bytes', 'anon 83664896', say`held ${bytes(83664896)}`, ['83664896']],
    ['in pages', '[  71]  0  71  2792  2618  2464', say`held ${bytes(2618 * 4096)}`, ['2618']],
    ['in MiB with a blank', 'usage 512 MiB of 600 MiB', say`held ${bytes(512 * 1024 * 1024)}`, ['512 MiB']],
    ['a name and a count', 'Killed process 71 (worker)', say`${code('worker')} (PID 71)`, ['71', 'worker']],
    ['a count of ours', 'restartCount: 14', say`restarted ${count(14)} times`, ['14']],
    ['a size proves no other number', 'failcnt 72', say`held ${bytes(72 * 1024 * 1024)} of 512 MiB`, []],
    ['small numbers prove nothing', 'order=0, nr 4', say`held ${bytes(4)}`, []],
    ['a part of a word is not the word', 'workers of worker-2 in /x/worker', say`${code('worker')}`, []],
    ['of a report read back from its JSON', 'exitCode: 137', 'ended with exit code 137', ['137']],
  ])('%s', (_, message, statement, found) => {
    expect(marked(message, statement)).toEqual(found)
  })

  it('the kernel’s own word for a limit', () => {
    expect(marked('oom-kill:constraint=CONSTRAINT_CPUSET,nodemask=(null)', say`x`, 'limit')).toEqual(['CONSTRAINT_CPUSET'])
  })
})

describe('long paths are shortened in their middle', () => {
  const path = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podaa.slice/cri-containerd-${'91efaeab'.repeat(8)}.scope`
  it('the whole is beside, and the pieces are the line', () => {
    const message = `oom_memcg=${path},task=java`
    const pieces = piecesOf(message, [[message.length - 4, message.length]])
    expect(pieces.map(({ full, text }) => full ?? text).join('')).toBe(message)
    expect(pieces.find(({ full }) => full !== undefined)).toEqual({
      full: path,
      text: '/kubepods.slice/…/cri-containerd-91ef…91efaeab.scope',
    })
    expect(pieces.at(-1)).toEqual({ text: 'java', mark: true })
  })
  it('short ones stay', () => {
    expect(piecesOf('Task in /system.slice/a.service killed', [])).toEqual([{ text: 'Task in /system.slice/a.service killed' }])
  })
  it('a mark inside of one gives way', () => {
    expect(piecesOf(path, [[40, 44]])).toHaveLength(1)
  })
})
