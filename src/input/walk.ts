import type { Dirent, Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { labelOf, nameText } from './paths.ts'
import type { TroubleLog } from './trouble.ts'

/** A regular file below a folder. */
export interface FoundFile {
  /** Its path for the file system: bytes, since a name need not be UTF-8. */
  readonly raw: Buffer
  /** Relative to the folder, `/`-separated. */
  readonly path: string
  readonly stats: Stats
}

/**
 * All regular files below a folder, names in byte order. Symbolic links are never followed: what they lead to inside is found there,
 * and what is outside is not the user's bundle. Sockets, pipes and devices are not opened.
 */
export async function* filesBelow(folder: Buffer, name: string, log: TroubleLog): AsyncIterable<FoundFile> {
  let links = 0
  let files = 0
  const rootLength = folder.length
  const visit = async function* (at: Buffer): AsyncIterable<FoundFile> {
    for (const entry of await entriesOf(at, name, rootLength, log)) {
      const raw = Buffer.concat([at, Buffer.from('/'), entry.name])
      if (entry.isDirectory()) yield* visit(raw)
      else if (entry.isSymbolicLink()) links += 1
      else if (entry.isFile()) {
        const path = labelOf(nameText(raw.subarray(rootLength)))
        const stats = await lstat(raw).catch((error: unknown) => log.caught(error, `${name}/${path}`))
        if (stats === undefined) continue
        files += 1
        yield { raw, path, stats }
      }
    }
  }
  yield* visit(folder)
  if (files === 0 && links > 0) log.report('links-skipped', name, { count: links })
}

async function entriesOf(folder: Buffer, name: string, rootLength: number, log: TroubleLog): Promise<Dirent<Buffer>[]> {
  try {
    const entries = (await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) as unknown as Dirent<Buffer>[]
    return entries.sort((a, b) => Buffer.compare(a.name, b.name))
  } catch (error) {
    const path = labelOf(nameText(folder.subarray(rootLength)))
    log.caught(error, path === '' ? name : `${name}/${path}`)
    return []
  }
}
