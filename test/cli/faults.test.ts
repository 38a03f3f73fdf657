import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { quineZip } from '../input/quine-zip.ts'
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

/** Reading it takes seconds, analysing it more, on any machine. */
function busyLog(): string {
  const busy = join(folder, 'busy.log')
  const lineOf = (k: number): string =>
    `[${k}.000000] Out of memory: Killed process ${k + 2} (java) total-vm:9kB, anon-rss:${k}kB, file-rss:0kB, shmem-rss:0kB\n`
  if (!existsSync(busy)) writeFileSync(busy, Array.from({ length: 100_000 }, (_, k) => lineOf(k)).join(''))
  return busy
}

/** 6 GiB of lines in 400 members, which take seconds to unpack. */
function largeGzip(): string {
  const file = join(folder, 'large.log.gz')
  if (existsSync(file)) return file
  const lines = Array.from({ length: 250_000 }, (_, k) => `Nov 24 07:34:54 n1 app[${k % 99}]: request ${(k * 7919) % 9973} done in 5 ms\n`)
  writeFileSync(file, Buffer.concat(Array<Buffer>(400).fill(gzipSync(lines.join('')))))
  return file
}

/** Far more than the 200 ms that it takes, and far less than the work in hand. */
const AT_ONCE_MS = 3000

describe('a run that is ended in the middle of its work', () => {
  it.each([
    ['SIGTERM', 'an analysis', busyLog],
    ['SIGINT', 'an analysis', busyLog],
    ['SIGTERM', 'unpacking', largeGzip],
    ['SIGINT', 'unpacking', largeGzip],
  ] as const)('dies of %s itself, in the middle of %s, and leaves nothing behind', async (signal, what, made) => {
    const own = join(folder, `busy-${signal}-${what}`)
    mkdirSync(own)
    const child = await start(['analyze', made(), '-o', join(own, 'a.json')])
    const ended = once(child, 'exit')
    await new Promise((resolve) => setTimeout(resolve, 700))
    const asked = performance.now()
    child.kill(signal)
    expect(await ended).toEqual([null, signal])
    expect(performance.now() - asked).toBeLessThan(AT_ONCE_MS)
    expect(readdirSync(own)).toEqual([])
  })
})

describe('a run that has number 1', () => {
  const wrapper = join(folder, 'first.mjs')
  writeFileSync(
    wrapper,
    `const { runBelow } = await import(${JSON.stringify(join(root, 'src/cli/first-process.ts'))})
    process.exitCode = await runBelow(process.argv[2], process.argv.slice(3))`,
  )
  const below = (args: readonly string[]) =>
    spawn(process.execPath, ['--import', 'tsx', wrapper, cli, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })

  it('hands on what the process below it says, and its exit code', async () => {
    const child = below(['analyze', input, '--format', 'json'])
    let told = ''
    child.stdout.on('data', (piece: Buffer) => {
      told += piece.toString()
    })
    expect(await once(child, 'close')).toEqual([0, null])
    expect(JSON.parse(told).schemaVersion).toBe(2)
    expect(await once(below(['analyze', join(folder, 'not-there')]), 'exit')).toEqual([3, null])
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends by %s at once while that is at work', async (signal, code) => {
    const child = below(['analyze', busyLog()])
    const ended = once(child, 'exit')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const asked = performance.now()
    child.kill(signal)
    expect(await ended).toEqual([code, null])
    expect(performance.now() - asked).toBeLessThan(AT_ONCE_MS)
  })
})

describe('an archive of which nothing can be read', () => {
  it('says why, also where no document is printed', async () => {
    const file = join(folder, 'quine.zip')
    writeFileSync(file, quineZip())
    const ran = await run(['analyze', file])
    expect(ran).toMatchObject({ code: 3, stdout: '' })
    expect(ran.stderr).toMatch(/^oom-report: \S+quine\.zip!\S+: not opened: it stands inside 5 other archives[^\n]*\n$/)
  })
})

describe('a worker of batch that runs out of memory', () => {
  it('costs its bundle a row that says so, and nothing else', async () => {
    const [bundles, out] = [join(folder, 'hungry-in'), join(folder, 'hungry-out')]
    for (const name of ['hungry', 'small']) mkdirSync(join(bundles, name), { recursive: true })
    cpSync(input, join(bundles, 'small/kern.log'))
    // 100,000 incidents do not fit into 80 MiB
    const rows = Array.from({ length: 100_000 }, (_, n) => `shop   cart-${n}   0/1   OOMKilled   2   3d\n`)
    writeFileSync(join(bundles, 'hungry/pods.txt'), `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\n${rows.join('')}`)
    const ran = await run(['batch', bundles, '-o', out, '-q', '--jobs', '2'], { env: { NODE_OPTIONS: '--max-old-space-size=80' } })
    expect(ran.code, ran.stderr).toBe(4)
    const text = readFileSync(join(out, 'index.json'), 'utf8')
    expect(JSON.parse(text).counts).toMatchObject({ bundles: 2, unreadable: 1, incidents: 1 })
    expect(text).toMatch(/"reason": "its worker was ended by SIG\w+: [^"]*heap out of memory"/)
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
  // root may write to any folder of a disk, but nobody can to these
  const own = join(folder, 'read-only')
  mkdirSync(own, { mode: 0o555 })
  it.each(process.getuid?.() === 0 ? ['/proc', '/proc/self/fd'] : [own, '/proc'])('is exit code 5: %s', async (target) => {
    const ran = await run(['analyze', input, '-q', '-o', join(target, 'a.json')])
    expect(ran.code).toBe(5)
    expect(ran.stderr).toMatch(/^oom-report: cannot write [^\n]*\n$/)
  })

  it.each(['batch "$2"', 'templates eject'])('is exit code 5, at once, where no folder can be made: %s', (command) => {
    const ran = shell(`timeout 20 "$1" "$0" ${command} -o /proc/out/here`)
    expect(ran).toMatchObject({ status: 5, stderr: 'oom-report: cannot write to /proc/out/here: there is no such folder\n' })
  })
})

it('standard input that is a folder is nothing that can be read', () => {
  expect(shell('"$1" "$0" analyze - < /tmp')).toMatchObject({ status: 3, stderr: 'oom-report: -: there is no standard input\n' })
})

/** Reading address 0 of a process is an input/output error, and writing there takes nothing: what a broken disk does. */
describe.runIf(existsSync('/proc/self/mem'))('an input/output error', () => {
  it('of an input costs that input, and is said in words', async () => {
    const alone = await run(['analyze', '/proc/self/mem'])
    expect(alone.code).toBe(3)
    expect(alone.stderr).toBe('oom-report: /proc/self/mem: the disk reports an input/output error\n')
    const beside = await run(['analyze', '/proc/self/mem', input, '--json', '-q'])
    expect(beside.code).toBe(4)
    expect(JSON.parse(beside.stdout).incidents).toHaveLength(1)
  })

  it('of an output is exit code 5, and never a loop', () => {
    const ran = shell('timeout 20 "$1" "$0" analyze "$2" -q --json > /proc/self/mem')
    expect(ran.status).toBe(5)
    expect(ran.stderr).toMatch(/^oom-report: cannot write to standard output: EIO[^\n]*\n$/)
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

  it('is taken by batch, too: the aliases of analyze, and no name left', async () => {
    const key = join(folder, 'key-batch')
    writeFileSync(key, 'k'.repeat(20))
    const [bundles, out] = [join(folder, 'keyed'), join(folder, 'keyed-out')]
    mkdirSync(bundles)
    writeFileSync(
      join(bundles, 'a.log'),
      'Nov 24 07:04:10 db-prod-02 kernel: [   41.500000] Out of memory: Killed process 4711 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB\n',
    )
    expect((await run(['batch', bundles, '-o', out, '-q', '--jobs', '1', '--redact-key', key])).code).toBe(0)
    const { host } = JSON.parse((await run(['analyze', join(bundles, 'a.log'), '--json', '--redact-key', key])).stdout).incidents[0]
    const pages = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:html|md|json|ndjson)$/.test(name))
    const text = pages.map((name) => readFileSync(join(out, name), 'utf8')).join('\n')
    expect(text).toContain(host)
    expect(text + pages.join('\n')).not.toContain('db-prod-02')
  })
})

describe('--redact-map', () => {
  it('writes which alias is whose, for its owner alone, and only with redaction', async () => {
    const map = join(folder, 'map.json')
    const host = join(folder, 'hosts.log')
    const ran = await run(['analyze', host, '--json', '--redact', '--redact-map', map])
    const { host: alias } = JSON.parse(ran.stdout).incidents[0]
    expect(JSON.parse(readFileSync(map, 'utf8'))[alias]).toBe('db-prod-02')
    expect(statSync(map).mode & 0o777).toBe(0o600)
    expect((await run(['analyze', host, '--json', '--redact-map', join(folder, 'none.json')])).code).toBe(2)
    expect(existsSync(join(folder, 'none.json'))).toBe(false)
  })
})
