import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

const root = path.join(import.meta.dirname, '../..')
const built = process.env['OOM_REPORT_CLI'] ?? path.join(root, 'dist/cli/cli.js')
/** The built command line, with its worker processes; from source (this process does all) where there is none. */
const command: readonly string[] = existsSync(built)
  ? [built]
  : ['--import', createRequire(import.meta.url).resolve('tsx'), path.join(root, 'src/cli.ts')]

const { JOB_COMPLETION_INDEX: _index, OOM_REPORT_SHARDS: _shards, ...env } = process.env

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
  readonly stdout: string
}

export function start(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [...command, ...args], { env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (part: Buffer) => {
    stdout += part
  })
  child.stderr.on('data', (part: Buffer) => {
    stderr += part
  })
  const ended = new Promise<Ended>((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stderr, stdout })))
  return { child, ended }
}

export const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> => start(args, more).ended

/** A folder that is gone after the tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'oom-report-batch-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Name → digest of every file of an output but the wall-clock facts and the state. */
export function outputOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((f) => !f.startsWith('.oom-report') && f !== 'run-summary.json' && statSync(path.join(folder, f)).isFile())
    .sort()
  return Object.fromEntries(
    files.map((f) => [
      f,
      createHash('sha256')
        .update(readFileSync(path.join(folder, f)))
        .digest('hex'),
    ]),
  )
}

/** Name → inode and time of the last change. */
export function touchesOf(folder: string): Record<string, string> {
  const names = Object.keys(outputOf(folder))
  return Object.fromEntries(
    names.map((f) => {
      const s = statSync(path.join(folder, f))
      return [f, `${s.ino} ${s.mtimeMs}`]
    }),
  )
}

export const copyOf = (from: string, to: string): void => cpSync(from, to, { recursive: true })
export const fleetOf = (folder: string) => JSON.parse(readFileSync(path.join(folder, 'index.json'), 'utf8'))
