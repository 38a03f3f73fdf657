import { describe, expect, test } from 'vitest'
import { meaningOf } from '../../../src/rules/root-cause/slab-caches.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'

describe('caches of the kernel by their names', () => {
  const of = (...slabs: (readonly [string, number])[]) => meaningOf(slabs.map(([name, totalBytes]) => ({ name, totalBytes })))
  const are = (...slabs: (readonly [string, number])[]) => plainPhrase(of(...slabs)?.meaning.are ?? [])
  test('the largest first, those of a tenth of it at least, three at most', () => {
    expect(of(['dentry', 10], ['filp', 100], ['xfs_inode', 9.9], ['a', 50], ['b', 40])?.top.map(({ name }) => name)).toEqual([
      'filp',
      'a',
      'b',
    ])
    expect(of(['filp', 100], ['dentry', 10])?.top).toHaveLength(2)
    expect(of(['filp', 100], ['dentry', 9.9])?.top).toHaveLength(1)
    expect(of()).toBeNull()
    expect(of(['whatever', 5])).toBeNull()
  })
  test('a nameless one is told by a named one beside it', () => {
    expect(are(['kmalloc-2k', 100], ['skbuff_head_cache', 20])).toContain('socket buffers')
    expect(are(['kmalloc-2k', 100], ['whatever', 20])).toContain('allocated by size, without a name')
    expect(are(['kmalloc-2k', 100])).toContain('without a name')
    expect(are(['whatever', 100], ['filp', 20])).toContain('open files')
    expect(are(['whatever', 100], ['kmalloc-2k', 20])).toBe('')
    expect(are(['filp', 100], ['dentry', 90])).toContain('open files')
  })
  test.each([
    ['TCPv6', 'socket buffers'],
    ['nf_conntrack_7', 'connection tracking'],
    ['inode_cache', 'names and inodes'],
    ['my_inode_cache', ''],
    ['dentry2', ''],
    ['ext4_inode_cache', 'names and inodes'],
    ['pid_2', 'open files'],
    ['task_struct', 'threads'],
    ['maple_node', 'mappings'],
    ['radix_tree_node', 'index of the page cache'],
    ['abd_t', 'ZFS'],
  ])('%s', (name, meaning) => {
    expect(are([name, 5]).includes(meaning) && (meaning !== '' || are([name, 5]) === '')).toBe(true)
  })
})
