/** A hint at what a file is, from its place alone; the content decides. */
export type Role =
  | 'kernel'
  | 'journal'
  | 'syslog'
  | 'kubelet'
  | 'runtime'
  | 'container-log'
  | 'pods'
  | 'nodes'
  | 'events'
  | 'meminfo'
  | 'uptime'
  | 'date'
  | 'timezone'
  | 'btime'
  | 'boot-id'
  | 'hostname'
  | 'sysctl'
  | 'ps'
  | 'cgroup'

/** Asked in order; the first whose pattern fits gives the role, and the first that names a host the host. */
export interface PlaceRule {
  readonly glob: string
  /** `null` for rules that only name the host. */
  readonly role: Role | null
}

/** How one collector lays its files out. One file a layout (small kin share one); `index.ts` lists them. */
export interface BundleLayout {
  readonly id: string
  readonly title: string
  /**
   * What must stand beside each other in a folder for it to be the top of such a bundle: one list is enough, all of a list are needed.
   * Paths of files or folders; the last segment but one may be `*`. Names of archives are never asked: users rename and repack them.
   */
  readonly markers: readonly (readonly string[])[]
  /** A corner of a machine's tree, not a bundle of its own: what stands around it shares its host and clock. */
  readonly part?: boolean
  /** Collected on one machine: all that stands in it is of that machine. */
  readonly single?: boolean
  /** Folder names that stand where host names stand and are none. */
  readonly notHosts?: readonly string[]
  /** Patterns relative to the top (see `glob.ts`). */
  readonly rules: readonly PlaceRule[]
}

/** `rules({ 'proc/meminfo': 'meminfo', … })` */
export const rules = (table: Readonly<Record<string, Role | null>>): readonly PlaceRule[] =>
  Object.entries(table).map(([glob, role]) => ({ glob, role }))
