import type { RuntimeContainerSnapshot } from '../../model/snapshot.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { firstLines, newFacts, type Page, pageOf, quoteAt } from './page.ts'
import { said, type Table, tableOf } from './table.ts'

const CRICTL = /^CONTAINER(?: ID)? {2,}IMAGE {2,}CREATED {2,}STATE {2,}NAME {2,}ATTEMPT\b/
const DOCKER = /^CONTAINER ID {2,}IMAGE {2,}COMMAND {2,}CREATED {2,}STATUS\b/

/** `crictl ps -a`, `docker ps -a`, `podman ps -a`: ids are cut to 12 or 13 digits. */
export const runtimeTables: DocumentReader = {
  id: 'runtime-table',
  title: 'Table of containers',
  writtenBy: 'crictl ps -a, docker ps -a, podman ps -a',
  seen: 'documented',
  sniff: (head) => (firstLines(head, 5).some((line) => CRICTL.test(line) || DOCKER.test(line)) ? 'strong' : 'none'),
  read(document) {
    const page = pageOf(document)
    const facts = newFacts()
    let table: Table | null = null
    for (const [index, line] of page.lines.entries()) {
      if (CRICTL.test(line) || DOCKER.test(line)) table = tableOf(line)
      else if (table !== null && /^[0-9a-f]{12,64}\s/.test(line)) facts.snapshots.push(rowOf(page, index, table))
    }
    return facts
  },
}

function rowOf(page: Page, index: number, table: Table): RuntimeContainerSnapshot {
  const row = page.lines[index] ?? ''
  const cell = (...names: readonly string[]): string | null =>
    said(names.map((name) => table.cell(row, name)).find((text) => text !== '') ?? '')
  const state = cell('STATE', 'STATUS') ?? ''
  const exitCode = /^Exited \((?<code>\d+)\)/.exec(state)?.groups?.['code']
  return {
    kind: 'runtime-container',
    source: page.source,
    containerId: /^[0-9a-f]+/.exec(row)?.[0] ?? '',
    name: cell('NAME', 'NAMES'),
    podUid: null,
    podName: cell('POD'),
    namespace: cell('NAMESPACE'),
    runtime: null,
    oomKilled: null,
    exitCode: exitCode === undefined ? null : Number(exitCode),
    finishedUs: null,
    running: /^(?:Running|Up)\b/.test(state) ? true : /^Exited\b/.test(state) ? false : null,
    pid: null,
    cgroupPath: null,
    limitBytes: null,
    quotes: [quoteAt(page, index)],
  }
}
