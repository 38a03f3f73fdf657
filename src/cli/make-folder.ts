import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { OutputError } from './errors.ts'

/** A folder to write to, with those above it. Throws an OutputError. */
export function makeFolder(folder: string): void {
  try {
    make(path.resolve(folder))
  } catch (error) {
    throw new OutputError(`to ${folder}`, error)
  }
}

/** As `mkdir -p`, of which several shards may make the same one at once. Node's own `recursive` never ends where the parent is there and takes no folders, as `/proc`. */
function make(folder: string): void {
  if (isFolder(folder)) return
  if (path.dirname(folder) !== folder) make(path.dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    if (!isFolder(folder)) throw error
  }
}

const isFolder = (at: string): boolean => statSync(at, { throwIfNoEntry: false })?.isDirectory() === true
