import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test, vi } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { outputs } from '../../src/render/index.ts'

const log = fileURLToPath(new URL('../../samples/dmesg/container-limit.txt', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'render-fails-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => path.join(folder, name)

/** Exit code and what was said on stderr, with the page's renderer broken. */
async function run(...args: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = []
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  const page = outputs.find(({ id }) => id === 'html')
  if (page === undefined) throw new Error('no page')
  const load = vi.spyOn(page, 'load').mockResolvedValue(() => {
    throw new TypeError('x is not a function')
  })
  try {
    return { code: await main(['analyze', log, ...args]), said: said.join('') }
  } finally {
    stderr.mockRestore()
    load.mockRestore()
  }
}

test('an output that our own fault breaks costs itself alone, and is one that could not be written', async () => {
  const { code, said } = await run('-o', at('a.html'), '-o', at('b.json'), '-o', at('c.md'))
  expect(code).toBe(5)
  expect(said).toBe(`oom-report: cannot write ${at('a.html')}: html failed (x is not a function), a bug of ours; other formats may do\n`)
  expect(JSON.parse(readFileSync(at('b.json'), 'utf8')).incidents).toHaveLength(1)
  expect(readFileSync(at('c.md'), 'utf8')).toContain('thumbnailer')
  expect(() => readFileSync(at('a.html'))).toThrow()
})

test('a template of the user’s own that cannot be filled is a mistake, and what needs none of it is written', async () => {
  for (const [text, reason] of [
    ['{{#if}}', /^oom-report: the template cannot be filled: Parse error/],
    ['{{> nope}}', /^oom-report: the template cannot be filled: The partial nope could not be found/],
  ] as const) {
    writeFileSync(at('own.hbs'), text)
    const { code, said } = await run('--template', at('own.hbs'), '-o', at('d.md'), '-o', at('e.json'))
    expect(code).toBe(2)
    expect(said).toMatch(reason)
    expect(JSON.parse(readFileSync(at('e.json'), 'utf8')).incidents).toHaveLength(1)
  }
})
