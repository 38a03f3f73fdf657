import type { NodeSnapshot, PodSnapshot } from '../../model/snapshot.ts'
import { podOfStatus } from './bare-pod.ts'
import { quoteAt, toldAt } from './page.ts'
import { type Row, tableReader } from './table-reader.ts'

const HEADER = /^(?:(?:NAMESPACE {2,})?NAME {2,}READY {2,}STATUS {2,}RESTARTS|NAME {2,}STATUS {2,}(?:ROLES {2,})?AGE {2,}VERSION)\b/
const POD_ROW = /^\d+\/\d+$/

export const podsTable = tableReader({
  id: 'kubectl-pods',
  title: 'Table of pods or nodes',
  writtenBy: 'kubectl get pods [-A] [-o wide], kubectl get nodes [-o wide]',
  seen: 'real',
  header: HEADER,
  take(row, { snapshots }) {
    const snapshot = row.header.includes('READY') ? podOfRow(row) : nodeOfRow(row)
    if (snapshot !== null) snapshots.push(snapshot)
  },
})

function podOfRow({ page, index, cell }: Row): PodSnapshot | null {
  // `kubectl get all` and `get pods,svc` name the kind, too.
  const name = cell('NAME')?.replace(/^pod\//, '') ?? null
  const status = cell('STATUS')
  if (name === null || !POD_ROW.test(cell('READY') ?? '')) return null
  const restarts = /^\d+/.exec(cell('RESTARTS') ?? '')?.[0]
  return {
    ...podOfStatus(page.source, name, status),
    namespace: cell('NAMESPACE'),
    node: cell('NODE'),
    restarts: restarts === undefined ? null : toldAt(page, index, Number(restarts)),
    quotes: [quoteAt(page, index)],
  }
}

function nodeOfRow({ page, index, cell }: Row): NodeSnapshot | null {
  const name = cell('NAME')
  if (name === null || !/^(?:Not)?Ready|^Unknown/.test(cell('STATUS') ?? '')) return null
  return {
    kind: 'node',
    source: page.source,
    name,
    capacityBytes: null,
    allocatableBytes: null,
    bootId: null,
    kernelVersion: cell('KERNEL-VERSION'),
    kubeletVersion: cell('VERSION'),
    osImage: cell('OS-IMAGE'),
    memoryPressure: null,
    allocated: null,
    quotes: [quoteAt(page, index)],
  }
}
