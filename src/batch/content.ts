import { createHash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readdirSync, readSync, type Stats } from 'node:fs'
import path from 'node:path'
import type { Bundle } from './bundles.ts'

/** What a bundle holds, as one hash: same bytes under the same names, same hash, wherever it lies. */
export function contentHash(bundle: Bundle): string {
  const hash = createHash('sha256')
  if (!bundle.isFolder) {
    hash.update('file\0')
    hashFile(hash, bundle.path)
  } else
    for (const file of filesOf(bundle.path)) {
      hash.update(`${file}\0`)
      hashFile(hash, path.join(bundle.path, file))
      hash.update('\0')
    }
  return hash.digest('hex')
}

/** Size and modification times: as long as these stay, the content is taken to be the one hashed before (as make does). */
export function fingerprint(bundle: Bundle): string {
  const one = (file: string, s: Stats): string => `${file}\0${s.size}\0${s.mtimeMs}\0${s.ino}\n`
  const hash = createHash('sha256')
  if (!bundle.isFolder) hash.update(one('', lstatSync(bundle.path)))
  else for (const file of filesOf(bundle.path)) hash.update(one(file, lstatSync(path.join(bundle.path, file))))
  return hash.digest('hex')
}

function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((e) => e.isFile())
    .map((e) => path.relative(folder, path.join(e.parentPath, e.name)).split(path.sep).join('/'))
    .sort()
}

function hashFile(hash: ReturnType<typeof createHash>, file: string): void {
  const buffer = Buffer.allocUnsafe(1 << 20)
  const fd = openSync(file, 'r')
  try {
    for (let n = readSync(fd, buffer, 0, buffer.length, null); n > 0; n = readSync(fd, buffer, 0, buffer.length, null))
      hash.update(buffer.subarray(0, n))
  } finally {
    closeSync(fd)
  }
}
