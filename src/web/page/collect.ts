import type { GivenFile, GivenInput } from '../open.ts'

const givenFile = (file: File, path = file.name): GivenFile => ({ path, blob: file, modifiedMs: file.lastModified })

/** Files chosen one by one, or those of a folder with their places in it (`webkitdirectory`). */
export function chosen(files: Iterable<File>): GivenInput[] {
  const inputs: GivenInput[] = []
  const folders = new Map<string, GivenFile[]>()
  for (const file of files) {
    const place = file.webkitRelativePath
    const slash = place.indexOf('/')
    if (slash < 0) {
      inputs.push({ kind: 'file', name: file.name, file: givenFile(file) })
      continue
    }
    const name = place.slice(0, slash)
    const known = folders.get(name) ?? []
    folders.set(name, known)
    known.push(givenFile(file, place.slice(slash + 1)))
  }
  return [...inputs, ...[...folders].map(([name, below]): GivenInput => ({ kind: 'folder', name, files: below }))]
}

/** Where a browser has it (Chromium), for a page from disk the older way does not open folders: `EncodingError`. */
type WithHandle = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> }
type Folder = FileSystemDirectoryHandle & { values(): AsyncIterable<FileSystemHandle> }

/** What was dropped, or pasted as files. Everything is asked for at once: the transfer is empty after the event. */
export async function dropped(transfer: DataTransfer): Promise<GivenInput[]> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file')
  const told = items.map((item: WithHandle) => ({
    file: item.getAsFile(),
    entry: item.webkitGetAsEntry(),
    handle: item.getAsFileSystemHandle?.(),
  }))
  const inputs = told.map(async ({ file, entry, handle }): Promise<GivenInput[]> => {
    if (entry?.isDirectory !== true) return file === null ? [] : chosen([file])
    const opened = await handle
    const files =
      opened?.kind === 'directory' ? await filesIn(opened as Folder, '') : await filesBelow(entry as FileSystemDirectoryEntry, '')
    return [{ kind: 'folder', name: entry.name, files }]
  })
  return (await Promise.all(inputs)).flat()
}

async function filesIn(folder: Folder, prefix: string): Promise<GivenFile[]> {
  const files: GivenFile[] = []
  for await (const handle of folder.values()) {
    const path = prefix + handle.name
    if (handle.kind === 'directory') files.push(...(await filesIn(handle as Folder, `${path}/`)))
    else await (handle as FileSystemFileHandle).getFile().then((file) => files.push(givenFile(file, path)), leftOut)
  }
  return files
}

async function filesBelow(folder: FileSystemDirectoryEntry, prefix: string): Promise<GivenFile[]> {
  const files: GivenFile[] = []
  for (const entry of await entriesOf(folder)) {
    const path = prefix + entry.name
    if (entry.isDirectory) files.push(...(await filesBelow(entry as FileSystemDirectoryEntry, `${path}/`)))
    else await fileOf(entry as FileSystemFileEntry).then((file) => files.push(givenFile(file, path)), leftOut)
  }
  return files
}

/** What cannot be opened (a socket, a file that is gone) is no file of the bundle. */
const leftOut = (): void => {}

/** A reader gives some at a time (Chromium: a hundred), and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject))

/** Text that was pasted or that stands in the page. */
export function textInput(text: string, name: string): GivenInput {
  return { kind: 'file', name, file: { path: name, blob: new Blob([text]), modifiedMs: null } }
}
