import type { PodSnapshot } from '../../../model/snapshot.ts'
import { podOfStatus } from '../bare-pod.ts'
import { type Page, quoteAt, toldAt } from '../page.ts'

/** `shop  web-1  0/1  Init:OOMKilled  1 (5s ago)  20s  10.0.0.3  node-1 …`: a row of kubectl get pods (or of `get all`: `pod/web-1`), with or without header and namespace. */
const ROW =
  /^(?:(?<namespace>[a-z0-9][-a-z0-9]{0,62}) +)?(?:pod\/)?(?<name>[a-z0-9][-a-z0-9.]{0,252}) +(?<ready>\d+\/\d+) +(?<status>[A-Z][\w:/.-]*) +(?<restarts>\d+)(?: +\([\w ]{1,20} ago\))? +(?<age>(?:\d+[ysmhd])+|<\w+>)(?: +(?:<none>|[\d.a-f:]+) +(?<node>[a-z0-9][-\w.]*)\b.*)?$/
/** The board of k9s: `shop  web-6d5f7c9b8d-x2x4z  ●  0/1  OOMKilled  4  …`; which columns stand behind is chosen by who looks. */
const BOARD =
  /^(?:(?<namespace>[a-z0-9][-a-z0-9]{0,62}) +)?(?<name>[a-z0-9][-a-z0-9.]{0,252}) +[●○] +(?<ready>\d+\/\d+) +(?<status>[A-Z][\w:/.-]*) +(?<restarts>\d+)(?= |$)(?:.* \d+\.\d+\.\d+\.\d+ +(?<node>[a-z0-9][-\w.]*))?/
const HEADER = /^(?:NAMESPACE +)?NAME +READY +STATUS +RESTARTS\b/

export const isPodsHeader = (line: string): boolean => HEADER.test(line.trim())

/** The pod of a row; `null` for anything else. `namespace`: of the command above. */
export function podOfRow(page: Page, index: number, namespace: string | null): PodSnapshot | null {
  const line = (page.lines[index] ?? '').trim()
  const cells = (ROW.exec(line) ?? BOARD.exec(line))?.groups
  if (cells === undefined) return null
  const name = cells['name'] ?? ''
  const status = cells['status'] ?? ''
  return {
    ...podOfStatus(page.source, name, status),
    namespace: cells['namespace'] ?? namespace,
    node: cells['node'] ?? null,
    restarts: toldAt(page, index, Number(cells['restarts'])),
    quotes: [quoteAt(page, index)],
  }
}
