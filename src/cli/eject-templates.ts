import { copyFileSync, existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { templateFiles, templateFolder } from '../render/index.ts'
import { OutputError } from './errors.ts'
import { makeFolder } from './make-folder.ts'

/** Writes our templates into a folder; what is already there is never overwritten. Returns the exit code. */
export function ejectTemplates(folder: string): number {
  for (const name of templateFiles()) {
    const target = path.join(folder, name)
    if (existsSync(target)) {
      process.stderr.write(`oom-report: ${target} is there already, left as it is\n`)
      continue
    }
    makeFolder(path.dirname(target))
    copy(fileURLToPath(new URL(name, templateFolder())), target)
    process.stdout.write(`${target}\n`)
  }
  return 0
}

function copy(from: string, target: string): void {
  try {
    copyFileSync(from, target)
  } catch (error) {
    throw new OutputError(target, error)
  }
}
