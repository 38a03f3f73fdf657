import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
/** Another build may be judged, such as one outside the tree. */
const cli = process.env['OOM_REPORT_CLI'] ?? join(root, 'dist/cli/cli.js')
const lock = join(root, 'node_modules/.oom-report-build')

const newestBelow = (folder: string): number =>
  Math.max(...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(folder, name)).mtimeMs))
const isStale = (): boolean =>
  !existsSync(cli) || statSync(cli).mtimeMs < Math.max(newestBelow(join(root, 'src')), newestBelow(join(root, 'templates')))

/** The command line's path, built when it is missing or older than the source; one process builds, the others wait for it. */
export async function binary(): Promise<string> {
  if (process.env['OOM_REPORT_CLI'] !== undefined) return cli
  for (let waited = 0; isStale(); waited++) {
    try {
      mkdirSync(lock)
    } catch {
      // A lock of a run that was killed is not waited for forever.
      if (waited > 600) rmSync(lock, { recursive: true, force: true })
      await delay(200)
      continue
    }
    try {
      const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { encoding: 'utf8' })
      if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`)
      break
    } finally {
      rmSync(lock, { recursive: true, force: true })
    }
  }
  return cli
}

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** A plain environment: nothing of the developer's terminal or zone shows through. */
const environment = (extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  ...extra,
})

export async function start(args: readonly string[], options: RunOptions = {}): Promise<ChildProcess> {
  return spawn(process.execPath, [await binary(), ...args], { env: environment(options.env), cwd: options.cwd ?? root })
}

/** Runs to the end; without `input`, standard input is at its end from the start. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const done = spawnSync(process.execPath, [await binary(), ...args], {
    env: environment(options.env),
    cwd: options.cwd ?? root,
    input: options.input ?? '',
    maxBuffer: 1 << 28,
  })
  return { code: done.status, stdout: done.stdout.toString(), stderr: done.stderr.toString() }
}
