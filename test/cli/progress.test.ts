import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { progressLine } from '../../src/cli/progress.ts'
import { root } from './binary.ts'

const MIB = 2 ** 20
const large = { name: 'kern.log.gz', count: 1, done: 300 * MIB, size: 1200 * MIB, from: 0, since: 1000 }

describe('a line of progress', () => {
  test.each([
    ['a large file', large, 80, 'reading kern.log.gz  300 MiB of 1.2 GiB  100 MiB/s  9 s left'],
    ['the rest of an archive', { ...large, from: 150 * MIB }, 80, 'reading kern.log.gz  300 MiB of 1.2 GiB  50 MiB/s  18 s left'],
    ['what is small, or not begun', { ...large, count: 17, size: 100 }, 80, 'reading kern.log.gz  (17 read)'],
    ['a file that grew', { ...large, done: 1300 * MIB }, 80, 'reading kern.log.gz  1.2 GiB of 1.2 GiB  400 MiB/s  0 s left'],
    [
      'a long name',
      { ...large, name: `${'a/'.repeat(60)}kern.log` },
      70,
      'reading …/a/a/a/a/a/kern.log  300 MiB of 1.2 GiB  100 MiB/s  9 s left',
    ],
  ])('%s', (_, shown, columns, line) => {
    expect(progressLine(shown, 4000, columns)).toBe(line)
    expect(line.length).toBeLessThan(columns)
  })
})

/** A reader that never lets a timer have its turn, as that of a large file, under a pseudo-terminal. */
const reader = `
  const { progressOn } = await import('./src/cli/progress.ts')
  const progress = progressOn(process.argv.at(-1) === 'quiet')
  progress.source('node.log')
  const end = Date.now() + 900
  for (let done = 1; Date.now() < end; done += 1) progress.bytes?.(${400 * MIB} + done, ${800 * MIB})
  progress.stop()
  process.stderr.write('end')`

const seen = (more: string): string => {
  const command = `stty cols 80 rows 40; '${process.execPath}' --import tsx --input-type=module -e "$READER" -- ${more}`
  return spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', cwd: root, env: { ...process.env, READER: reader } })
    .stdout
}

describe('on a terminal', () => {
  test('a large file is followed while it is read, and the line is gone at the end', () => {
    const text = seen('loud')
    expect(text).toMatch(/\r\x1b\[Kreading node\.log {2}[45]\d\d MiB of 800 MiB {2}\S+ MiB\/s {2}[^\r]+ left/)
    expect(text).toMatch(/left\r\x1b\[Kend$/)
  })
  test('nothing of it with -q', () => expect(seen('quiet')).toBe('end'))
  test('nothing of it where stderr is no terminal', () => {
    const piped = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', reader], { encoding: 'utf8', cwd: root })
    expect(piped.stderr).toBe('end')
  })
})
