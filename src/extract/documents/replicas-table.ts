import type { SettingSnapshot, Told } from '../../model/snapshot.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { firstLines, newFacts, pageOf, toldAt } from './page.ts'
import { said, type Table, tableOf } from './table.ts'

/** `NAME   READY   UP-TO-DATE   AVAILABLE   AGE` of Deployments, `NAME   READY   AGE` of StatefulSets. */
const HEADER = /^(?:NAMESPACE {2,})?NAME {2,}READY {2,}(?<deployments>UP-TO-DATE {2,}AVAILABLE {2,})?AGE\b/
const READY = /^\d+\/\d+$/

/** How many replicas are ready, as `ready.Deployment/cart` (`ready.shop/Deployment/cart` with `-A`): `1/3`. */
export const replicasTable: DocumentReader = {
  id: 'kubectl-replicas',
  title: 'Table of Deployments or StatefulSets',
  writtenBy: 'kubectl get deployments, kubectl get statefulsets',
  seen: 'documented',
  sniff: (head) => (firstLines(head, 5).some((line) => HEADER.test(line)) ? 'strong' : 'none'),
  read(document) {
    const page = pageOf(document)
    const facts = newFacts()
    const values: Record<string, Told<string>> = {}
    let table: Table | null = null
    let kind = 'StatefulSet'
    for (const [index, line] of page.lines.entries()) {
      const header = HEADER.exec(line)
      if (header !== null) {
        table = tableOf(line)
        kind = header.groups?.['deployments'] === undefined ? 'StatefulSet' : 'Deployment'
        continue
      }
      const cell = (name: string): string | null => (table === null ? null : said(table.cell(line, name)))
      const [name, ready, namespace] = [cell('NAME'), cell('READY'), cell('NAMESPACE')]
      if (name !== null && READY.test(ready ?? ''))
        values[`ready.${namespace === null ? '' : `${namespace}/`}${kind}/${name}`] = toldAt(page, index, ready ?? '')
    }
    const snapshot: SettingSnapshot = { kind: 'setting', source: page.source, host: null, values }
    if (Object.keys(values).length > 0) facts.snapshots.push(snapshot)
    return facts
  },
}
