import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { binary, root, run, start } from './binary.ts'

const folder = mkdtempSync(join(tmpdir(), 'faults-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const sample = join(root, 'samples/dmesg-iso/container-limit.txt')
const input = existsSync(sample) ? sample : join(folder, 'kern.log')
if (input !== sample)
  writeFileSync(input, '[   41.500000] Out of memory: Killed process 4711 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB\n')
const cli = await binary()
const shell = (script: string): { status: number | null; stdout: string; stderr: string } =>
  spawnSync('bash', ['-c', script, cli, process.execPath, input], { encoding: 'utf8', cwd: folder })

describe('an output that cannot be written', () => {
  it('is one line that says what and where, and exit code 5: a full device', () => {
    const { status, stderr } = shell('"$1" "$0" analyze "$2" > /dev/full')
    expect(status).toBe(5)
    expect(stderr).toMatch(/^oom-report: cannot write to standard output: ENOSPC[^\n]*\n$/)
    const file = shell('"$1" "$0" analyze "$2" -q -o json:/dev/full')
    expect(file.status).toBe(5)
    expect(file.stderr).toMatch(/^oom-report: cannot write \/dev\/full: ENOSPC[^\n]*\n$/)
  })

  it('is silent and 0 when the reader has seen enough', () => {
    expect(shell('set -o pipefail; "$1" "$0" analyze "$2" --format json | head -c 1 > /dev/null')).toMatchObject({ status: 0, stderr: '' })
  })

  it('is no bug for a closed output, exit code 2 for a folder, 5 for a path that leads nowhere', async () => {
    expect(shell('"$1" "$0" analyze "$2" -q >&-').status).not.toBe(70)
    expect((await run(['analyze', input, '-q', '-o', `json:${folder}`])).code).toBe(2)
    const ran = await run(['analyze', input, '-q', '-o', join(folder, 'no/such/folder/a.json')])
    expect(ran.code).toBe(5)
    expect(ran.stderr).toMatch(/^oom-report: cannot write [^\n]*\n$/)
  })

  it('leaves the other outputs intact', async () => {
    const good = join(folder, 'good.json')
    const late = join(folder, 'late.json')
    const ran = await run(['analyze', input, '-q', '-o', good, '-o', 'json:/dev/full', '-o', late])
    expect(ran.code).toBe(5)
    for (const file of [good, late]) expect(JSON.parse(readFileSync(file, 'utf8')).schemaVersion).toBe(2)
  })

  it('leaves no temporary file, and takes away one that a killed run left', async () => {
    const own = join(folder, 'tidy')
    mkdirSync(own)
    const stale = join(own, '.a.json.0123abcd.tmp')
    writeFileSync(stale, 'x')
    utimesSync(stale, 1, 1)
    expect((await run(['analyze', input, '-q', '-o', join(own, 'a.json')])).code).toBe(0)
    expect(readdirSync(own)).toEqual(['a.json'])
  })
})

describe('a run that is ended', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('leaves nothing behind after %s', async (signal) => {
    const own = join(folder, signal)
    mkdirSync(own)
    const child = await start(['analyze', '-', '-o', join(own, 'a.json')])
    child.stdin?.write('[   1.000000] x\n')
    await new Promise((resolve) => setTimeout(resolve, 700))
    child.kill(signal)
    await new Promise((resolve) => child.once('exit', resolve))
    expect(readdirSync(own)).toEqual([])
  })
})

describe('few file descriptors', () => {
  it('cost at most the inputs that could not be opened', () => {
    const many = join(folder, 'many')
    mkdirSync(many)
    for (let n = 0; n < 60; n += 1) cpSync(input, join(many, `${n}.log`))
    const { status } = shell(`ulimit -n 24; "$1" "$0" analyze ${many} -q --format json > /dev/null`)
    expect([0, 4]).toContain(status)
  })
})

describe('under Node’s permission model', () => {
  it('reads its input and writes its output, with no workers and no children', () => {
    const out = join(folder, 'hardened')
    mkdirSync(out)
    const flag = process.versions.node.startsWith('20.') ? '--experimental-permission' : '--permission'
    const script = `"$1" ${flag} --allow-fs-read=${root} --allow-fs-read=${folder} --allow-fs-read=/dev/null --allow-fs-write=${out} "$0" analyze "$2" -q -o ${join(out, 'a.json')}`
    const ran = shell(script)
    expect(ran.status, ran.stderr).toBe(0)
    expect(JSON.parse(readFileSync(join(out, 'a.json'), 'utf8')).schemaVersion).toBe(2)
  })
})

describe('a target that may not be written', () => {
  it.skipIf(process.getuid?.() === 0)('is exit code 5', async () => {
    const own = join(folder, 'read-only')
    mkdirSync(own)
    chmodSync(own, 0o555)
    expect((await run(['analyze', input, '-q', '-o', join(own, 'a.json')])).code).toBe(5)
  })
})

describe('--redact-key', () => {
  it('gives the same aliases in other runs, and others with another key', async () => {
    const keys = ['a', 'b'].map((name) => {
      const file = join(folder, `key-${name}`)
      writeFileSync(file, `${name.repeat(20)}\n`)
      return file
    })
    const host = join(folder, 'hosts.log')
    writeFileSync(
      host,
      'Nov 24 07:04:10 db-prod-02 kernel: [   41.500000] Out of memory: Killed process 4711 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB\n',
    )
    const hostOf = async (key: string): Promise<string> =>
      JSON.parse((await run(['analyze', host, '--json', '--redact-key', key])).stdout).incidents[0].host
    const [first, second] = keys as [string, string]
    expect(await hostOf(first)).toMatch(/^host-[0-9a-f]{10}$/)
    expect(await hostOf(first)).toBe(await hostOf(first))
    expect(await hostOf(first)).not.toBe(await hostOf(second))
    expect((await run(['analyze', host, '--redact-key', host.replace('hosts.log', 'none')])).code).toBe(2)
  })
})
