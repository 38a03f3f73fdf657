import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { beginAhead } from '../../src/node/search-ahead.ts'

const folder = mkdtempSync(join(tmpdir(), 'oom-report-ahead-'))
afterAll(() => rmSync(folder, { recursive: true }))
const literals = { all: ['Killed process', ' kernel: '], livesFrom: 1, sampledFrom: 1, telling: [] }
const SIZE = 80 << 20

function fileOf(name: string, head: string | Uint8Array, size = SIZE): string {
  const path = join(folder, name)
  writeFileSync(path, head)
  truncateSync(path, size)
  return path
}
const text = fileOf('messages', 'A: nothing of note\n'.repeat(40))
const journal = fileOf('system.journal', 'LPKSHHRH')

describe('the search of a large file is begun before its reader is there', () => {
  test('and handed over once, to who reads that file for the same literals', () => {
    const ahead = beginAhead([join(folder, 'missing'), folder, text, journal], literals)
    expect(ahead?.claim(text, SIZE, { ...literals }, true)).toBeNull()
    expect(ahead?.claim(text, SIZE + 1, literals, true)).toBeNull()
    expect(ahead?.claim(text, SIZE, literals, false)).toBeNull()
    expect(ahead?.claim(journal, SIZE, literals, false)).toBeNull()
    expect(ahead?.claim(join(folder, '.', 'messages'), SIZE, literals, true)?.plan.sampled).toBe(true)
    expect(ahead?.claim(text, SIZE, literals, true)).toBeNull()
  })

  test('without sampled literals in a journal', () => {
    expect(beginAhead([journal], literals)?.claim(journal, SIZE, literals, false)?.plan.sampled).toBe(false)
  })

  test('not of what is packed, small or not there, and not without literals that are ready', () => {
    const packed = fileOf('messages.gz', Uint8Array.of(0x1f, 0x8b, 8, 0))
    const small = fileOf('small', 'A: quiet\n'.repeat(100), 1000)
    expect(beginAhead([packed, small, join(folder, 'missing'), folder], literals)).toBeNull()
    expect(beginAhead([text], null)).toBeNull()
  })

  test('what nobody claims is ended', () => {
    const ahead = beginAhead([text], literals)
    ahead?.close()
    expect(ahead?.claim(text, SIZE, literals, true)).toBeNull()
  })
})
