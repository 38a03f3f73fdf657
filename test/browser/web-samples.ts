import { cpSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filesBelow } from '../corpus.ts'
import { sample } from './web-page.ts'

/** So many at a time: each story starts a worker. */
export const STORY = 16

/**
 * Samples by names of their own in a new folder: a page knows the last part of a path only, and sources stand in the order of their names. One of each folder, all
 * with `OOM_REPORT_FULL=1`.
 */
export function stageSamples() {
  const folder = mkdtempSync(join(tmpdir(), 'web-'))
  const staged = (name: string): string => {
    const own = name.replaceAll('/', '-')
    cpSync(sample(name), join(folder, own), { recursive: true, preserveTimestamps: true })
    return own
  }
  const samples = readdirSync(sample(''), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => filesBelow(sample(name)).map((file) => ({ kind: name, file })))
    .filter(({ file }) => !/README\.md$|\.mjs$/.test(file))
    .filter(({ kind }, at, all) => process.env['OOM_REPORT_FULL'] === '1' || kind === 'compressed' || all[at - 1]?.kind !== kind)
    .map(({ kind, file }) => staged(`${kind}/${file}`))
  return { folder, staged, samples }
}
