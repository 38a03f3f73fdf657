import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { outputs, version } from '../../src/index.ts'
import { templateFiles } from '../../src/render/index.ts'
import { tarOf } from '../packed/pack.ts'
import { binary, root, run, start } from './binary.ts'

const sample = 'samples/dmesg-iso/container-limit.txt'
const quiet = 'samples/proc/proc-meminfo.txt'
const unplaced = 'samples/syslog-rfc3164/container-limit.log'
const folder = mkdtempSync(join(tmpdir(), 'cli-'))
const inFolder = (name: string): string => join(folder, name)
const validate = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(join(root, 'schema/report.schema.json'), 'utf8')))
const parsed = (text: string): ReturnType<typeof JSON.parse> => {
  const report = JSON.parse(text)
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
  return report
}

beforeAll(() => binary(), 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('exit codes', () => {
  test.each([
    ['a report', ['analyze', sample], 0],
    ['nothing found', ['analyze', quiet], 0],
    ['nothing found, told by the code', ['analyze', quiet, '--exit-code'], 0],
    ['an incident, told by the code', ['analyze', sample, '--exit-code'], 1],
    ['no such option', ['analyze', sample, '--no-such-option'], 2],
    ['no such command', ['analyse', sample], 2],
    ['no path', ['analyze'], 2],
    ['no such format', ['analyze', sample, '--format', 'pdf'], 2],
    ['an ending that tells no format', ['analyze', sample, '-o', 'report.xyz'], 2],
    ['a year that is none', ['analyze', sample, '--year', '24'], 2],
    ['a zone that is none', ['analyze', sample, '--timezone', 'Mars/Olympus'], 2],
    ['a zone that is no word', ['analyze', sample, '--timezone', '12 o’clock'], 2],
    ['an input format that is none', ['analyze', sample, '--input-format', 'no-such'], 2],
    ['a mistyped option', ['analyze', sample, '--fromat', 'md'], 2],
    ['neither a command nor a file', ['sumarize'], 2],
    ['a count back that is none', ['analyze', sample, '--since', '1 fortnight'], 2],
    ['a file without its command', ['no-such-file.log'], 3],
    ['a time without its zone', ['analyze', sample, '--since', '2026-11-24T00:00:00'], 2],
    ['a path that is not there', ['analyze', 'no-such-file.log'], 3],
    ['one of two paths is not there', ['analyze', sample, 'no-such-file.log'], 4],
    ['3 before 1', ['analyze', 'no-such-file.log', '--exit-code'], 3],
    ['4 before 1', ['analyze', sample, 'no-such-file.log', '--exit-code'], 4],
    ['an encrypted archive alone', ['analyze', 'samples/compressed/locked.zip'], 3],
  ])('%s', async (_, args, code) => {
    const ran = await run(args)
    expect({ code: ran.code, stderr: ran.stderr }).toMatchObject({ code })
    if (code === 2) {
      expect(ran.stdout).toBe('')
      expect(ran.stderr).toMatch(/^oom-report: .+\n/)
      expect(ran.stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
    }
    expect(ran.stderr).not.toMatch(/\n\s+at /)
  })

  test('what cannot be read still yields a valid, empty report, and says why', async () => {
    const ran = await run(['analyze', 'no-such-file.log', '--json'])
    expect(ran.code).toBe(3)
    const report = parsed(ran.stdout)
    expect(report.incidents).toEqual([])
    expect(report.warnings.join()).toContain('no-such-file.log')
    expect(ran.stderr).toContain('no-such-file.log')
  })
})

describe('stdout is the result, stderr is talk', () => {
  test('Markdown by default, and not a word beside it', async () => {
    const ran = await run(['analyze', sample])
    expect(ran.stdout).toContain('**Which limit was hit?**')
    expect(ran.stderr).toBe('')
  })

  test.each(outputs.map((output) => output.id))('--format %s', async (id) => {
    const ran = await run(['analyze', sample, '--format', id])
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toContain('thumbnailer')
    expect(ran.stdout.endsWith('\n')).toBe(true)
  })

  test('--json is short for --format json', async () => {
    const [short, long] = [await run(['analyze', sample, '--json']), await run(['analyze', sample, '--format', 'json'])]
    expect(parsed(short.stdout).incidents).toHaveLength(1)
    expect(short).toEqual(long)
  })

  test('ndjson is an incident a line, the same from stdout and in a file', async () => {
    const file = inFolder('some.ndjson')
    const ran = await run(['analyze', sample, 'samples/systemd/252-memorymax.txt', '--format', 'ndjson', '-o', file])
    const lines = ran.stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(JSON.parse(line).kills.length).toBeGreaterThan(0)
    expect(readFileSync(file, 'utf8')).toBe(ran.stdout)
  })

  test('-o by ending and by name, several at once; stdout is silent, a summary goes to stderr', async () => {
    const files = { md: inFolder('a.md'), html: inFolder('a.html'), json: inFolder('a.json'), jira: inFolder('a.log') }
    const ran = await run(['analyze', sample, '-o', files.md, '-o', files.html, '-o', files.json, '-o', `jira:${files.jira}`])
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    expect(ran.stderr).toContain('thumbnailer')
    const [summary, foot] = ran.stderr.split(/\n\n(?= *Made by oom-report )/)
    expect(summary?.split('\n').length).toBeLessThanOrEqual(15)
    expect(foot).toMatch(/^ *Made by oom-report \S+\.\n$/)
    expect(readFileSync(files.md, 'utf8')).toBe((await run(['analyze', sample])).stdout)
    expect(readFileSync(files.html, 'utf8')).toMatch(/^<!doctype html>/i)
    parsed(readFileSync(files.json, 'utf8'))
    expect(readFileSync(files.jira, 'utf8')).toBe((await run(['analyze', sample, '-f', 'jira'])).stdout)
    const both = await run(['analyze', sample, '-o', files.md, '--format', 'text', '-q'])
    expect(both.stdout).toContain('thumbnailer')
    expect(both.stderr).toBe('')
  })

  test('-o - is stdout', async () => {
    expect((await run(['analyze', sample, '-o', 'json:-', '-q'])).stdout).toBe((await run(['analyze', sample, '--json'])).stdout)
  })

  test('a bad -o fails before anything is read, and leaves nothing', async () => {
    const ran = await run(['analyze', 'no-such-file.log', '-o', inFolder('a.json'), '-o', inFolder('no-such-folder/a.md')])
    expect(ran.code).toBe(5)
    expect(ran.stderr).toContain('no-such-folder')
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('a folder as -o is a usage error, not a bug', async () => {
    const ran = await run(['analyze', sample, '-o', `json:${folder}`])
    expect(ran.code).toBe(2)
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('a device is written to and stays one; behind a link the file is written', async () => {
    const ran = await run(['analyze', sample, '--json', '-o', 'md:/dev/null'])
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
    expect(parsed(ran.stdout).incidents).toHaveLength(1)
    writeFileSync(inFolder('real.json'), '')
    symlinkSync(inFolder('real.json'), inFolder('link.json'))
    expect((await run(['analyze', sample, '-q', '-o', inFolder('link.json')])).code).toBe(0)
    expect(lstatSync(inFolder('link.json')).isSymbolicLink()).toBe(true)
    parsed(readFileSync(inFolder('real.json'), 'utf8'))
  })

  test('colour only when asked', async () => {
    const text = ['analyze', sample, '--format', 'text']
    const plain = (await run(text)).stdout
    expect(plain).not.toContain('\u001b[')
    expect((await run(text, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[')
    expect((await run(text, { env: { FORCE_COLOR: '0' } })).stdout).toBe(plain)
    expect((await run(text, { env: { NO_COLOR: '1' } })).stdout).toBe(plain)
    expect((await run([...text, '--no-color'], { env: { FORCE_COLOR: '1' } })).stdout).toBe(plain)
    expect((await run([...text, '--color'], { env: { NO_COLOR: '1' } })).stdout).toContain('\u001b[')
  })
})

describe('standard input', () => {
  const bytes = readFileSync(join(root, sample))

  test('a log, gzipped, in a tar: the same incident', async () => {
    const file = parsed((await run(['analyze', sample, '--json'])).stdout)
    const tar = await tarOf([{ name: 'kern.log', bytes, modified: new Date(0) }])
    for (const input of [bytes, gzipSync(bytes), tar, gzipSync(tar)]) {
      const piped = parsed((await run(['analyze', '-', '--json'], { input })).stdout)
      expect(piped.incidents.map((i: { id: string; headline: string }) => [i.id, i.headline])).toEqual(
        file.incidents.map((i: { id: string; headline: string }) => [i.id, i.headline]),
      )
    }
  })

  test('a bare call reads what is piped', async () => {
    expect(await run([], { input: bytes })).toEqual(await run(['analyze', '-'], { input: bytes }))
  })
})

describe('talk about itself', () => {
  test('--version', async () => {
    for (const flag of ['--version', '-V']) expect(await run([flag])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  test('--help starts with three examples', async () => {
    for (const args of [['--help'], ['-h']]) {
      const { code, stdout, stderr } = await run(args)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const examples = stdout.slice(stdout.indexOf('Examples:')).split('\n').slice(1, 4)
      expect(stdout.indexOf('Examples:')).toBeLessThan(200)
      for (const line of examples) expect(line).toContain('oom-report ')
      expect(stdout).toContain('oom-report completion <shell>')
    }
  })

  test('formats, explain, templates eject', async () => {
    const formats = await run(['formats'])
    expect(formats).toMatchObject({ code: 0, stderr: '' })
    for (const id of ['dmesg', 'journal', 'cri', 'kubelet']) expect(formats.stdout).toContain(id)
    expect((await run(['explain', 'oom_score_adj'])).stdout).toContain('oom_score_adj')
    expect(await run(['explain', 'no-such-term'])).toMatchObject({ code: 2, stdout: '' })
    const target = inFolder('own-templates')
    expect((await run(['templates', 'eject', '-o', target])).code).toBe(0)
    for (const name of templateFiles()) expect(existsSync(join(target, name)), name).toBe(true)
    expect((await run(['templates', 'eject', '-o', target])).stdout).toBe('')
  })
})

describe('options', () => {
  test('--timezone and --year place what prints neither', async () => {
    const timeOf = async (...args: string[]): Promise<string | null> =>
      parsed((await run(['analyze', unplaced, '--json', ...args])).stdout).incidents[0].kills[0].time
    expect(await timeOf()).toBeNull()
    const utc = await timeOf('--timezone', 'UTC', '--year', '2026')
    expect(utc).toMatch(/^2026-11-24T/)
    const hoursEarlier = async (zone: string): Promise<number> =>
      (Date.parse(utc ?? '') - Date.parse((await timeOf('--timezone', zone, '--year', '2026')) ?? '')) / 3_600_000
    expect(await hoursEarlier('+05:30')).toBe(5.5)
    expect(await hoursEarlier('Asia/Tokyo')).toBe(9)
    expect(await hoursEarlier('America/New_York')).toBe(-5)
  })

  test('--input-format', async () => {
    const given = parsed((await run(['analyze', sample, '--json', '--input-format', 'dmesg-iso'])).stdout)
    expect(given.sources[0].format).toBe('dmesg-iso')
    expect(given.incidents).toHaveLength(1)
  })

  test('filters', async () => {
    const count = async (...args: string[]): Promise<number> =>
      parsed((await run(['analyze', sample, '--json', ...args])).stdout).incidents.length
    expect(await count('--limit', 'container-limit')).toBe(1)
    expect(await count('--limit', 'node-memory')).toBe(0)
    expect(await count('--consumer', 'shared-memory')).toBe(1)
    expect(await count('--namespace', 'shop')).toBe(0)
    expect(await count('--since', '2026-11-24')).toBe(1)
    expect(await count('--since', '2026-11-25T00:00:00Z')).toBe(0)
    expect(await count('--until', '2026-11-24T00:00:00Z')).toBe(0)
  })

  test('--redact takes names out and keeps the report valid', async () => {
    const log = 'samples/syslog-rfc3339/container-limit.log'
    const host = parsed((await run(['analyze', log, '--json'])).stdout).incidents[0].host
    const redacted = (await run(['analyze', log, '--json', '--redact'])).stdout
    expect(host).toBeTruthy()
    expect(redacted).not.toContain(`"${host}"`)
    parsed(redacted)
  })
})

describe('interruptions', () => {
  test('a closed pipe is quiet', async () => {
    const child = await start(['analyze', sample, '--format', 'html'])
    const stderr: Buffer[] = []
    child.stderr?.on('data', (data: Buffer) => stderr.push(data))
    child.stdout?.destroy()
    const [code] = await once(child, 'close')
    expect({ code, stderr: Buffer.concat(stderr).toString() }).toEqual({ code: 0, stderr: '' })
  })

  test('Ctrl-C removes what was begun and exits with 130', async () => {
    const own = mkdtempSync(join(folder, 'stopped-'))
    const child = await start(['analyze', '-', '-o', join(own, 'a.json')])
    child.stdin?.write('[    1.000000] a log that never ends\n')
    await new Promise((resolve) => setTimeout(resolve, 900))
    child.kill('SIGINT')
    const [code] = await once(child, 'close')
    expect(code).toBe(130)
    expect(readdirSync(own)).toEqual([])
  })

  test('a file that may not be read is named; the rest is analysed', async () => {
    if (process.getuid?.() === 0) return
    const file = inFolder('secret.log')
    writeFileSync(file, 'x')
    chmodSync(file, 0)
    expect((await run(['analyze', sample, file])).code).toBe(4)
  })
})

describe('the machine does not show', () => {
  test.each([unplaced, 'samples/kubelet/1.31-eviction.log', 'samples/azure-logs/syslog-portal.csv'])('%s in two zones', async (log) => {
    for (const id of ['json', 'html']) {
      const args = ['analyze', log, '--format', id]
      const tokyo = await run(args, { env: { TZ: 'Asia/Tokyo', LANG: 'ja_JP.UTF-8' } })
      expect(await run(args, { env: { TZ: 'America/New_York', LANG: 'C' } })).toEqual(tokyo)
      expect(tokyo.code).toBe(0)
    }
  })
})
