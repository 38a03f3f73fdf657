import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { filesBelow } from '../corpus.ts'

export interface Packable {
  readonly name: string
  readonly bytes: Uint8Array
  readonly modified: Date
}

/** The files below a folder, without the corpus' answers. */
export const packablesOf = (folder: string): Packable[] =>
  filesBelow(folder)
    .filter((name) => !/(?:^|\/)(?:truth|expect)\.json$/.test(name))
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)), modified: statSync(join(folder, name)).mtime }))

/** A tar of the files, in the order given, below `prefix`. */
export const tarOf = async (files: readonly Packable[], prefix = ''): Promise<Uint8Array> =>
  packTar(
    files.map((file) => ({
      header: { name: `${prefix}${file.name}`, size: file.bytes.length, mtime: file.modified, type: 'file' as const },
      body: file.bytes,
    })),
  )

export const gzipOf = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { level: 1 })

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

/** Whether the program is there; in CI a missing one is a failure, elsewhere it is said. */
export function tool(program: string): boolean {
  if (has(program)) return true
  if (process.env['CI'] === 'true') throw new Error(`${program} is missing`)
  console.warn(`skipped: ${program} is not installed`)
  return false
}

/** Pipes bytes through a program. Throws when it fails. */
export function through(bytes: Uint8Array, program: string, args: readonly string[], cwd?: string): Uint8Array {
  const run = spawnSync(program, args, { input: bytes, maxBuffer: 1 << 30, ...(cwd === undefined ? {} : { cwd }) })
  if (run.status !== 0) throw new Error(`${program}: ${run.error?.message ?? run.stderr.toString()}`)
  return run.stdout
}
