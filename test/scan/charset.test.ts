import { expect, test } from 'vitest'
import { scanSource } from '../../src/scan/index.ts'
import { prefixFormat, sourceOf, toolsOf } from './tools.ts'

const text = `${'A: nothing of note\r\n'.repeat(5000)}A: Killed process 7 (é)\r\n${'A: nothing of note\r\n'.repeat(5000)}`
const tools = toolsOf([prefixFormat('a', 'A: ')], ['Killed process'])

function utf16(of: string, bigEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(`\ufeff${of}`, 'utf16le'))
  if (bigEndian) for (let at = 0; at < bytes.length; at += 2) bytes.subarray(at, at + 2).reverse()
  return bytes
}

test.each([
  ['UTF-16LE, as PowerShell redirects', utf16(text, false)],
  ['UTF-16BE', utf16(text, true)],
  ['UTF-8 behind a byte order mark', new TextEncoder().encode(`\ufeff${text}`)],
])('%s reads as UTF-8 does', async (_, bytes) => {
  const [plain] = await scanSource(sourceOf(text, [777]), tools)
  const [coded] = await scanSource(sourceOf(bytes, [777]), tools)
  expect(coded).toEqual(plain)
  expect(coded?.snapshots.length).toBeGreaterThan(400)
})
