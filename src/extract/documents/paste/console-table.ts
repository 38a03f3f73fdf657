/** What web consoles write above their columns: Rancher, OpenShift, Headlamp, Octant, GKE, the Kubernetes dashboard, a spreadsheet of kubectl's rows. */
const TITLES = [
  ['name', /^(?:names?|pods?|pod name)$/i],
  ['namespace', /^(?:namespace|project|ns)$/i],
  ['container', /^container(?: name)?$/i],
  ['status', /^(?:pod |current )?(?:status|state)$/i],
  ['last', /^(?:last (?:status|state|terminat\w+)(?: reason)?|termination reason|terminated)$/i],
  ['reason', /^reason$/i],
  ['code', /^(?:exit )?code$/i],
  ['finished', /^(?:finished|terminated|ended)(?: at)?$/i],
  ['ready', /^ready$/i],
  ['restarts', /^restarts?(?: count)?$/i],
  ['node', /^(?:node|host)(?: ?name)?$/i],
  ['message', /^(?:message|description)$/i],
  ['object', /^(?:object|involved object|resource|regarding)$/i],
  ['type', /^type$/i],
  ['age', /^(?:age|last ?seen|date)$/i],
  ['image', /^images?$/i],
] as const
export type Title = (typeof TITLES)[number][0]

/** A heading, and what parts its cells. */
export interface ConsoleTable {
  readonly parted: string
  readonly titles: readonly (Title | null)[]
}

const PARTS = ['\t', '|', ';', ',']
/** A state's word, alone or with what a console puts beside it: `OOMKilled`, `Terminated: OOMKilled`, `Init:OOMKilled`. */
export const OOM = /^(?!.{50})(?:.*\W)?(?<reason>(?:Init:)?OOMKilled)(?:\W.*)?$/i
export const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/
/** The badge that OpenShift puts before a resource's name: `P cart-0`, `NSshop`. */
const BADGE = /^[A-Z]{1,4}\s?(?=[a-z0-9])/

export function cellsOf(line: string, parted: string): string[] {
  const text = parted === '|' ? line.trim().replace(/^\||\|$/g, '') : line
  return text.split(parted).map((cell) => cell.trim().replace(/^"(?<inner>.*)"$/, '$<inner>'))
}

/** Beside a name and a state these make a table of pods or containers; without them it may explain words. */
const ABOUT: readonly Title[] = ['namespace', 'container', 'code', 'finished', 'ready', 'restarts', 'node', 'object', 'age']

/** The heading of a console's table, of pods, containers or events; `null` for anything else. */
export function consoleTableAt(line: string): ConsoleTable | null {
  for (const parted of PARTS) {
    if (!line.includes(parted)) continue
    const cells = cellsOf(line, parted)
    const titles = cells.map((cell) => TITLES.find(([, shape]) => shape.test(cell))?.[0] ?? null)
    const known = titles.filter((title) => title !== null).length
    const isHeading = cells.every((cell) => /^(?:[A-Za-z][A-Za-z() /_-]{0,30})?$/.test(cell))
    const tells = titles.some((title) => title === 'status' || title === 'last' || title === 'reason')
    if (
      isHeading &&
      tells &&
      known >= 3 &&
      (titles.includes('name') || titles.includes('message')) &&
      ABOUT.some((one) => titles.includes(one))
    )
      return { parted, titles }
  }
  return null
}

export const nameOf = (cell: string | null): string | null =>
  cell
    ?.replace(BADGE, '')
    .replace(/^pods?\//, '')
    .split(/\s/, 1)[0] ?? null

/** A whole pod's name, as a ReplicaSet's or a DaemonSet's controller makes it; and a StatefulSet's, which a node's may look like. */
export const MADE_NAME = /^[a-z0-9][-a-z0-9.]*-[bcdfghjklmnpqrstvwxz2456789]{5}$/
const WHOLE_NAME = /^[a-z0-9][-a-z0-9.]*-(?:[bcdfghjklmnpqrstvwxz2456789]{5}|\d{1,3})$/
const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/
const AGE = /^(?:\d+[ysmhd])+$|^\d+ (?:sec|min|hour|hr|day|week|month|year)s?(?: ago)?$/

/** What the cells of one row are by their shapes, where its heading was not copied. The namespace stands beside the name, the node behind an address. */
export function guessedTable(line: string): ConsoleTable | null {
  const cells = cellsOf(line, '\t')
  const names = cells.map(nameOf)
  const at = cells.findIndex((cell) => OOM.test(cell) && !/\s/.test(cell))
  const name = names.findIndex((one, place) => place !== at && WHOLE_NAME.test(one ?? ''))
  const isPods =
    cells.some((cell) => /^\d+\/\d+$/.test(cell) || ADDRESS.test(cell)) ||
    (cells.some((cell) => AGE.test(cell)) && cells.some((cell) => /^\d+$/.test(cell)))
  if (at === -1 || name === -1 || !isPods) return null
  const isLabel = (place: number): boolean => /^[a-z][-a-z0-9]{0,62}$/.test(names[place] ?? '')
  const namespace = isLabel(name + 1) ? name + 1 : isLabel(name - 1) ? name - 1 : -1
  const node = cells.findIndex((cell) => ADDRESS.test(cell)) + 1 || -1
  const restarts = cells.findIndex((cell) => /^\d+(?: \(.{1,20} ago\))?$/.test(cell))
  const titles = cells.map(
    (_, place) =>
      (
        [
          [at, 'status'],
          [name, 'name'],
          [namespace, 'namespace'],
          [node, 'node'],
          [restarts, 'restarts'],
        ] as const
      ).find(([own]) => own === place)?.[1] ?? null,
  )
  return { parted: '\t', titles }
}
