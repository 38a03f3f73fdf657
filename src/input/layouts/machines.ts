/** What a source's place tells of its machine, seen among the others of its bundle. */
export interface Machine {
  /** The machine's name, where the place spells one. */
  readonly host: string | null
  /** A corner of the bundle that is one machine's; sources of different corners share neither clock nor host. */
  readonly corner: string | null
}

export interface Placed {
  readonly name: string
  readonly bundle: string
  /** Path inside the bundle. */
  readonly path: string
  readonly role: string | null
  /** A collector that runs on one machine: its tree is not divided. */
  readonly single: boolean
}

/** Roles of files that belong to one machine, not to a cluster. */
const ofMachine = new Set([
  'kernel',
  'journal',
  'syslog',
  'kubelet',
  'runtime',
  'meminfo',
  'uptime',
  'date',
  'timezone',
  'btime',
  'boot-id',
  'hostname',
])
/** Words by which people and collectors name such files: `node-a-dmesg.txt`, `kern.host1.log`, `dmesg_worker2`. */
const subjects =
  /^(?:dmesg|kern|kernel|kmsg|messages|syslog|journal|journalctl|console|serial|kubelet|uptime|date|hostname|meminfo|boot_id|nodes|hosts|machines)$/
/** `node-a`, `host1`, `demo-001`, `ip-10-0-3-7`: a word, then what tells it from its like. */
const numbered = /^(?<word>[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*?)[-_]?(?<index>\d{1,4}|[a-z])$/i
/** Words before a number that name no machine: parts of one log are not divided, cases and boots are. */
const parts = /^(?:part|page|cut|chunk|piece|split|t|v|p)$/i
const unnamed =
  /^(?:boot|run|case|dump|try|test|step|incident|ticket|issue|sample|example|copy|old|log|file|dmesg|kern|kernel|kmsg|messages|syslog|journal|console|report|bundle|sos|sosreport|day|set|out|output|paste)$/i

/** Divides each bundle into the machines that its folders and file names tell apart. Keys are source names; sources of no corner are not in it. */
export function machinesOf(sources: readonly Placed[]): ReadonlyMap<string, Machine> {
  const found = new Map<string, Machine>()
  for (const group of byBundle(sources.filter((s) => !s.single)).values()) {
    const folders = likeFolders(group.filter((s) => s.role !== null && ofMachine.has(s.role)))
    const names = likeNames(group.filter(isSubject))
    for (const source of group) {
      const machine = folderOf(source, folders) ?? nameOf(source, names)
      if (machine !== null) found.set(source.name, machine)
    }
  }
  return found
}

function byBundle(sources: readonly Placed[]): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>()
  for (const source of sources) {
    const group = groups.get(source.bundle)
    if (group === undefined) groups.set(source.bundle, [source])
    else group.push(source)
  }
  return groups
}

/** Folders of which a sibling holds a machine's file under the same path: `case-1/dmesg` and `case-2/dmesg` are two machines. */
function likeFolders(sources: readonly Placed[]): ReadonlySet<string> {
  const siblings = new Map<string, Set<string>>()
  for (const { path } of sources) {
    const segments = path.split('/')
    for (let depth = 0; depth < Math.min(segments.length - 1, 6); depth += 1) {
      if (isPlain(segments[depth] as string)) continue
      const key = `${segments.slice(0, depth).join('/')}\0${segments.slice(depth + 1).join('/')}`
      const all = siblings.get(key) ?? new Set()
      siblings.set(key, all.add(segments.slice(0, depth + 1).join('/')))
    }
  }
  return new Set([...siblings.values()].flatMap((all) => (all.size > 1 ? [...all] : [])))
}

/** Folders that every tree has, dates and machine ids: what stands in them is not told apart by them. */
const isPlain = (segment: string): boolean =>
  /^(?:var|log|logs|etc|proc|sys|run|host|hosts|nodes|journal|crash|\d{4}-?\d\d-?\d\d.*|[0-9a-f]{32})$/i.test(segment)

function folderOf(source: Placed, folders: ReadonlySet<string>): Machine | null {
  const segments = source.path.split('/')
  for (let depth = segments.length - 1; depth > 0; depth -= 1) {
    const folder = segments.slice(0, depth).join('/')
    if (folders.has(folder)) return { host: machineName(segments[depth - 1] as string), corner: `${source.bundle}/${folder}` }
  }
  return null
}

/** Whether the file's name or its folder's says that it is of a machine. */
const isSubject = ({ path }: Placed): boolean => {
  const { folder, subject } = partsOf(path)
  return subject !== '' || subjects.test(folder.slice(folder.lastIndexOf('/') + 1).toLowerCase())
}

/** What is left of file names without their subject, where several of a kind stand in one folder. */
function likeNames(sources: readonly Placed[]): ReadonlySet<string> {
  const groups = new Map<string, Map<string, string>>()
  for (const source of sources) {
    const { folder, rest, subject } = partsOf(source.path)
    const g = numbered.exec(rest)?.groups
    if (g === undefined || parts.test(g['word'] ?? '')) continue
    const key = `${folder}\0${subject}\0${g['word']}`
    groups.set(key, (groups.get(key) ?? new Map()).set(rest, `${folder}\0${rest}`))
  }
  return new Set([...groups.values()].flatMap((all) => (all.size > 1 ? [...all.values()] : [])))
}

/** `logs/node-a-dmesg.txt` → `logs`, `node-a`, `dmesg`; `dmesg/node-a.log` → `dmesg`, `node-a`, ``. */
function partsOf(path: string): { readonly folder: string; readonly rest: string; readonly subject: string } {
  const slash = path.lastIndexOf('/')
  const stem = path
    .slice(slash + 1)
    .replace(/\.(?:gz|xz|zst|bz2)$/, '')
    .replace(/\.(?:log|txt|out|json)$/, '')
  const pieces = stem.split(/[-_.]/)
  const at = pieces.findIndex((piece) => subjects.test(piece.toLowerCase()))
  if (at === -1) return { folder: path.slice(0, Math.max(slash, 0)), rest: stem, subject: '' }
  const subject = pieces[at] as string
  const from = pieces.slice(0, at).reduce((sum, piece) => sum + piece.length + 1, 0)
  const before = stem.slice(0, Math.max(0, from - 1))
  const after = stem.slice(from + subject.length + 1)
  return { folder: path.slice(0, Math.max(slash, 0)), rest: before !== '' ? before : after, subject }
}

function nameOf(source: Placed, names: ReadonlySet<string>): Machine | null {
  if (names.size === 0) return null
  const { folder, rest } = partsOf(source.path)
  if (names.has(`${folder}\0${rest}`)) return { host: machineName(rest), corner: `${source.bundle}/${rest}` }
  return null
}

/** The name, unless it is one that people give to cases and boots. */
export function machineName(text: string): string | null {
  const word = numbered.exec(text)?.groups?.['word']
  // A letter at the end counts machines behind a dash, or behind a word for one: `before` is none.
  if (word !== undefined)
    return unnamed.test(word) || (/[a-z]{2}$/i.test(text) && !/^(?:node|host|server|worker|vm)$/i.test(word)) ? null : text
  return /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+){1,}$/i.test(text) && !unnamed.test(text) ? text : null
}
