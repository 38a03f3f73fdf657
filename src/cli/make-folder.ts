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

/** As `mkdir -p`. Node's own `recursive` never ends where the parent is there and takes no folders, as `/proc`. */
function make(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return
  if (path.dirname(folder) !== folder) make(path.dirname(folder))
  mkdirSync(folder)
}
