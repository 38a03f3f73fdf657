import type { PodUsageSnapshot } from '../../model/snapshot.ts'
import { bytesOfQuantity } from '../../units/bytes.ts'
import { nobody, type SeriesHead } from './collect.ts'
import { lineStream, type SeriesStream } from './define-series-reader.ts'
import { dateLine, type When } from './when.ts'

/** `NAME CPU(cores) MEMORY(bytes)`; `--containers`: `POD NAME CPU(cores) MEMORY(bytes)`; `-A`: `NAMESPACE` before; nodes: `NAME CPU(cores) CPU% MEMORY(bytes) MEMORY%`. */
export const TOP_HEADER = /^(?:NAMESPACE +)?(?:POD +)?NAME +CPU\(cores\) +(?:CPU(?:%|\(%\)) +)?MEMORY\(bytes\)/

type UsageRow = PodUsageSnapshot['rows'][number]

/** A cluster has some ten thousand pods at most. */
const MOST_ROWS = 20_000

/** `kubectl top pod|node`, again and again with a date before each: a series. One without a date is of no moment: the pods of the last such table. */
export function openKubectlTop(source: string, firstLine = 1): SeriesStream {
  let columns: readonly string[] = []
  let when: When | null = null
  let undated: UsageRow[] = []
  const stream = lineStream(source, firstLine, (line, series) => {
    if (TOP_HEADER.test(line.text)) {
      columns = line.text.trim().split(/\s+/)
      if (columns.includes('NAME') && !columns.some((name) => name.startsWith('CPU%'))) undated = []
      return
    }
    const date = dateLine(line.text)
    if (date !== null) {
      when = date
      return
    }
    const cells = line.text.trim().split(/\s+/)
    const place = columns.indexOf('MEMORY(bytes)')
    const bytes = place === -1 || cells.length !== columns.length ? null : bytesOfQuantity(cells[place] ?? '')
    if (bytes === null) return
    const cell = (name: string): string | null => cells[columns.indexOf(name)] ?? null
    const inPod = columns.includes('POD')
    const isNode = columns.some((name) => name.startsWith('CPU%') || name === 'CPU(%)')
    if (when === null) {
      const pod = cell(inPod ? 'POD' : 'NAME')
      if (!isNode && pod !== null && undated.length < MOST_ROWS)
        undated.push({ namespace: cell('NAMESPACE'), pod, container: inPod ? cell('NAME') : null, bytes, quote: line.quote() })
      return
    }
    const { us, clock } = when
    const subject = isNode
      ? { ...nobody, host: cell('NAME') }
      : { ...nobody, namespace: cell('NAMESPACE'), pod: inPod ? cell('POD') : cell('NAME'), container: inPod ? cell('NAME') : null }
    const of = isNode ? 'node' : inPod ? 'container' : 'pod'
    const head = (): SeriesHead => ({ of, metric: 'working-set', name: 'kubectl top', subject, clock })
    series.add(`${of} ${subject.namespace} ${subject.pod} ${subject.container} ${subject.host}`, head, us, bytes, line.quote)
  })
  return { ...stream, undated: () => (undated.length === 0 ? null : { kind: 'pod-usage', source, rows: undated }) }
}
