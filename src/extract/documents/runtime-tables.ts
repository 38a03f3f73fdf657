import type { RuntimeContainerSnapshot } from '../../model/snapshot.ts'
import { quoteAt } from './page.ts'
import { type Row, tableReader } from './table-reader.ts'

/** Of crictl; of docker and podman. */
const HEADER =
  /^CONTAINER(?:(?: ID)? {2,}IMAGE {2,}CREATED {2,}STATE {2,}NAME {2,}ATTEMPT| ID {2,}IMAGE {2,}COMMAND {2,}CREATED {2,}STATUS)\b/

/** `crictl ps -a`, `docker ps -a`, `podman ps -a`: ids are cut to 12 or 13 digits. */
export const runtimeTables = tableReader({
  id: 'runtime-table',
  title: 'Table of containers',
  writtenBy: 'crictl ps -a, docker ps -a, podman ps -a',
  seen: 'documented',
  header: HEADER,
  take(row, { snapshots }) {
    if (/^[0-9a-f]{12,64}\s/.test(row.text)) snapshots.push(containerOf(row))
  },
})

function containerOf({ page, index, text, cell }: Row): RuntimeContainerSnapshot {
  const state = cell('STATE', 'STATUS') ?? ''
  const exitCode = /^Exited \((?<code>\d+)\)/.exec(state)?.groups?.['code']
  return {
    kind: 'runtime-container',
    source: page.source,
    containerId: /^[0-9a-f]+/.exec(text)?.[0] ?? '',
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
