import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { makeFolder } from '../../src/cli/make-folder.ts'

/** Another shard is always a moment earlier. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  return {
    ...fs,
    mkdirSync: (at: string) => {
      fs.mkdirSync(at)
      fs.mkdirSync(at)
    },
  }
})

const own = mkdtempSync(join(tmpdir(), 'folders-'))
afterAll(() => rmSync(own, { recursive: true }))

test('a folder that another shard makes meanwhile is there, with those above it', () => {
  makeFolder(join(own, 'a/b/c'))
  expect(statSync(join(own, 'a/b/c')).isDirectory()).toBe(true)
})

test('a file of that name is none', () => {
  writeFileSync(join(own, 'file'), '')
  expect(() => makeFolder(join(own, 'file'))).toThrow(/cannot write to .*file: /)
  expect(() => makeFolder(join(own, 'file/under'))).toThrow(/cannot write to /)
})
