import { describe, expect, test } from 'vitest'
import { cores } from '../../src/node/cores.ts'

const files = (known: Record<string, string>) => (file: string) => {
  const text = known[file.replace('/sys/fs/cgroup/', '')]
  if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${file}'`)
  return text
}

describe('the cores that may be kept busy', () => {
  test.each<[string, Record<string, string>, number]>([
    ['no cgroup files', {}, 64],
    ['v2 without a limit', { 'cpu.max': 'max 100000\n' }, 64],
    ['v2, two cores', { 'cpu.max': '200000 100000\n' }, 2],
    ['v2, half a core', { 'cpu.max': '50000 100000\n' }, 1],
    ['v2, one and a half', { 'cpu.max': '150000 100000\n' }, 2],
    ['v2, more than there are', { 'cpu.max': '12800000 100000\n' }, 64],
    ['v1 without a limit', { 'cpu/cpu.cfs_quota_us': '-1\n', 'cpu/cpu.cfs_period_us': '100000\n' }, 64],
    ['v1, four cores', { 'cpu/cpu.cfs_quota_us': '400000\n', 'cpu/cpu.cfs_period_us': '100000\n' }, 4],
    ['v1, cut off', { 'cpu/cpu.cfs_quota_us': '400000\n' }, 64],
    ['nonsense', { 'cpu.max': '200000 0\n' }, 64],
  ])('%s', (_, known, count) => expect(cores(files(known), 64)).toBe(count))
})
