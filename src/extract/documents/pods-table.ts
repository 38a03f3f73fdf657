import type { NodeSnapshot, PodSnapshot } from '../../model/snapshot.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { podOfStatus } from './bare-pod.ts'
import { firstLines, newFacts, type Page, pageOf, quoteAt, toldAt } from './page.ts'
import { said, type Table, tableOf } from './table.ts'

const PODS_HEADER = /^(?:NAMESPACE {2,})?NAME {2,}READY {2,}STATUS {2,}RESTARTS\b/
const NODES_HEADER = /^NAME {2,}STATUS {2,}(?:ROLES {2,})?AGE {2,}VERSION\b/
const POD_ROW = /^\d+\/\d+$/

export const podsTable: DocumentReader = {
  id: 'kubectl-pods',
  title: 'Table of pods or nodes',
  writtenBy: 'kubectl get pods [-A] [-o wide], kubectl get nodes [-o wide]',
  seen: 'real',
  sniff: (head) => (firstLines(head, 5).some((line) => PODS_HEADER.test(line) || NODES_HEADER.test(line)) ? 'strong' : 'none'),
  read(document) {
    const page = pageOf(document)
    const facts = newFacts()
    let table: Table | null = null
    let pods = false
    for (const [index, line] of page.lines.entries()) {
      if (PODS_HEADER.test(line) || NODES_HEADER.test(line)) {
        table = tableOf(line)
        pods = PODS_HEADER.test(line)
      } else if (table !== null && line.trim() !== '') {
        const snapshot = pods ? podOfRow(page, index, table) : nodeOfRow(page, index, table)
        if (snapshot !== null) facts.snapshots.push(snapshot)
      }
    }
    return facts
  },
}

function podOfRow(page: Page, index: number, table: Table): PodSnapshot | null {
  const row = page.lines[index] ?? ''
  const cell = (name: string): string | null => said(table.cell(row, name))
  const name = cell('NAME')
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

function nodeOfRow(page: Page, index: number, table: Table): NodeSnapshot | null {
  const row = page.lines[index] ?? ''
  const cell = (name: string): string | null => said(table.cell(row, name))
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
