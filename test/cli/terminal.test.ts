import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { binary, root, run } from './binary.ts'

const sample = join(root, 'samples/dmesg-iso/container-limit.txt')
const folder = mkdtempSync(join(tmpdir(), 'terminal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let cli = ''
beforeAll(async () => {
  cli = await binary()
}, 300_000)

/** What a person sees: the program under a pseudo-terminal of so many columns (`script` of util-linux, which every Debian has). */
function seen(
  args: string,
  { columns = 80, env = {}, typed = '' }: { columns?: number; env?: Record<string, string>; typed?: string } = {},
): string {
  const command = `stty cols ${columns} rows 40; '${process.execPath}' '${cli}' ${args}`
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    input: typed,
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TERM: 'xterm', LC_ALL: 'C.UTF-8', ...env },
  })
  return stdout.replaceAll('\r\n', '\n')
}
const isColoured = (text: string): boolean => text.includes('\x1b[')
const plain = (text: string): string => text.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, '')

describe('on a terminal', () => {
  test.each([60, 80, 100])('the default is text, coloured, within %i columns', (columns) => {
    const text = seen(sample, { columns })
    expect(isColoured(text)).toBe(true)
    expect(plain(text)).toMatch(/^● /)
    const [block = ''] = plain(text).split('\n\n')
    expect(block.split('\n').length).toBeLessThanOrEqual(15)
    expect(Math.max(...block.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns)
  })
  test.each<[string, Record<string, string>, string, boolean]>([
    ['NO_COLOR', { NO_COLOR: '1' }, '', false],
    ['TERM=dumb', { TERM: 'dumb' }, '', false],
    ['--no-color', {}, '--no-color', false],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, '', false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, '', true],
  ])('%s', (_, env, option, coloured) => {
    expect(isColoured(seen(`${sample} ${option}`, { env }))).toBe(coloured)
  })
  test('a locale without UTF-8 gets ASCII', () => {
    expect(seen(`${sample} --no-color`, { env: { LC_ALL: 'C' } })).toMatch(/^[\x20-\x7e\n]*$/)
  })
  test('a dash waits, and says for what', () => {
    const text = plain(seen('- --no-color', { typed: '\x04' }))
    expect(text).toContain('Ctrl-D')
    expect(text).not.toContain('internal error')
  })
  test('a bare call shows how it is called', () => {
    expect(plain(seen(''))).toContain('Examples:')
  })
})

describe('as a tired person types it', () => {
  const errorOf = async (...args: string[]): Promise<string> => (await run(args)).stderr.trim()

  test('a file that is missing is one line, and no page', async () => {
    const page = join(folder, 'page.html')
    const ran = await run(['nope.log', '-o', page])
    expect([ran.code, ran.stdout, existsSync(page)]).toEqual([3, '', false])
    expect(ran.stderr).toBe('oom-report: nope.log: there is no such file\n')
    const data = join(folder, 'page.json')
    expect((await run(['nope.log', '-o', data])).code).toBe(3)
    expect(JSON.parse(readFileSync(data, 'utf8')).incidents).toEqual([])
  })
  test('a batch of nothing lays nothing down', async () => {
    const out = join(folder, 'fleet-of-nothing')
    const ran = await run(['batch', 'nope', '-o', out])
    expect([ran.code, ran.stdout, existsSync(out)]).toEqual([3, '', false])
    expect(ran.stderr.trim().split('\n')).toHaveLength(1)
  })
  test('a batch whose filter leaves nothing says so, and no progress goes to a file', async () => {
    const [bundles, out] = [mkdtempSync(join(folder, 'in-')), join(folder, 'fleet')]
    writeFileSync(join(bundles, 'a.log'), readFileSync(sample))
    const ran = await run(['batch', bundles, '-o', out, '--since', '2030-01-01'])
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(/^The filter leaves nothing: it hides the one incident\.\n.*index\.html: .*\n$/)
    expect(readFileSync(join(out, 'index.html'), 'utf8')).not.toContain('Nothing was killed')
    expect(readdirSync(out)).toContain('index.md')
  })
  test('times', async () => {
    expect(await errorOf(sample, '--since', 'yestreday')).toContain('Did you mean yesterday?')
    expect(await run([sample, '--since', '-1h', '--json'])).toMatchObject({ code: 0, stderr: '' })
  })
  test('files behind --', async () => {
    writeFileSync(join(folder, '-odd.log'), readFileSync(sample))
    const ran = await run(['analyze', '--format', 'json', '--', '-odd.log'], { cwd: folder })
    expect(ran.code).toBe(0)
    expect(JSON.parse(ran.stdout).incidents).toHaveLength(1)
    expect((await run(['analyze', '--year', '2026', '--', sample])).stdout).toMatch(/^\*\*/)
  })
})

describe('words on a bad command line', () => {
  test.each<[string, string]>([
    ['a.log --html', 'unknown option --html. Did you mean --format html?'],
    ['a.log --tz Europe/Berlin', 'unknown option --tz. Did you mean --timezone?'],
    ['--verison', 'unknown option --verison. Did you mean --version?'],
    ['a.log -f', '--format has no value; there are md'],
    ['a.log --since', '--since has no value'],
    ['a.log --output', '--output has no value'],
    ['batch .', '--output is missing: name the folder to write to with -o DIR'],
    ['batch . -o', '-o has no value'],
    ['merge -o x', 'name the folders of the batches'],
    ['analyze --quiet', 'name a file, a folder or an archive, or - for standard input'],
    ['completion', 'name a shell: bash or zsh'],
    ['completion zhs', 'shell zhs is not one of bash, zsh. Did you mean zsh?'],
    ['a.log --limit container', 'Did you mean container-limit?'],
    ['a.log --config nope.yaml', 'cannot read the settings nope.yaml: there is no such file'],
    ['a.log -o nowhere/at-all/x.html', 'cannot write nowhere/at-all/x.html: there is no such folder'],
  ])('%s', async (line, words) => {
    const { stderr } = await run(line.split(' '), { cwd: folder })
    expect(stderr).toContain(words)
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
    expect(stderr).not.toMatch(/ENOENT|argument/)
  })
  test('other programs’ ways', async () => {
    expect((await run(['version'])).stdout).toMatch(/^\d+\.\d+\.\d+/)
    expect((await run(['help', 'batch'])).stdout).toContain('--jobs')
    expect((await run([sample, '-f', 'text', '--color', 'always'])).stdout).toContain('\x1b[')
    expect((await run([sample, '-f', 'text', '--color=never'], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain('\x1b[')
  })
})
