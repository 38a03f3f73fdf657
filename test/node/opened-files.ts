import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/** What was opened below a folder, and how many bytes were read of it. */
export interface Opened {
  readonly opens: ReadonlyMap<string, number>
  readonly bytes: ReadonlyMap<string, number>
  /** Those that nobody has closed. */
  readonly left: () => number
}

/** Follows all that this process opens below `folder` while `work` is done. */
export async function openedWhile(folder: string, work: () => Promise<unknown>): Promise<Opened> {
  const own = { open: fs.open, openSync: fs.openSync, read: fs.read, readSync: fs.readSync, close: fs.close, closeSync: fs.closeSync }
  const opens = new Map<string, number>()
  const bytes = new Map<string, number>()
  const at = new Map<number, string>()
  const opened = (path: unknown, fd: number): number => {
    const name = String(path)
    if (!name.startsWith(`${folder}/`)) return fd
    opens.set(name, (opens.get(name) ?? 0) + 1)
    at.set(fd, name)
    return fd
  }
  const read = (fd: number, count: number): number => {
    const name = at.get(fd)
    if (name !== undefined) bytes.set(name, (bytes.get(name) ?? 0) + count)
    return count
  }
  type Call = (...words: unknown[]) => unknown
  const later =
    (call: Call, told: (words: readonly unknown[], value: number) => void): Call =>
    (...words) => {
      const done = words.pop() as (error: Error | null, value: number) => void
      return call(...words, (error: Error | null, value: number) => {
        if (error === null) told(words, value)
        done(error, value)
      })
    }
  Object.assign(fs, {
    open: later(own.open as Call, ([path], fd) => opened(path, fd)),
    openSync: (...words: Parameters<typeof own.openSync>) => opened(words[0], own.openSync(...words)),
    read: later(own.read as Call, ([fd], count) => read(fd as number, count)),
    readSync: (...words: unknown[]) => read(words[0] as number, (own.readSync as Call)(...words) as number),
    close: later(own.close as Call, ([fd]) => at.delete(fd as number)),
    closeSync: (fd: number) => {
      at.delete(fd)
      own.closeSync(fd)
    },
  })
  syncBuiltinESMExports()
  try {
    await work()
  } finally {
    Object.assign(fs, own)
    syncBuiltinESMExports()
  }
  return { opens, bytes, left: () => at.size }
}
