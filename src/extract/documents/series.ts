import { warning } from '../../warnings.ts'
import type { DocumentReader, DocumentStream } from '../define-extractor.ts'
import type { SeriesStream } from '../series/define-series-reader.ts'
import { openKubectlTop, TOP_HEADER } from '../series/kubectl-top.ts'
import { openPrometheusJson } from '../series/prometheus-json.ts'
import { openPrometheusText } from '../series/prometheus-text.ts'
import { openSadf, openSar } from '../series/sar.ts'
import { firstLines } from './page.ts'

type Open = (source: string, firstLine?: number) => SeriesStream

/** A document of samples, read whole or in pieces alike. */
const seriesReader = (
  reader: Omit<DocumentReader, 'read' | 'stream' | 'seen'>,
  open: Open,
  seen: DocumentReader['seen'] = 'documented',
): DocumentReader => ({
  ...reader,
  seen,
  read(document) {
    const stream = factsStream(document.source, open(document.source, document.firstLine))
    stream.push(document.text)
    return stream.end()
  },
  stream: (source) => factsStream(source, open(source)),
})

function factsStream(source: string, stream: SeriesStream): DocumentStream {
  return {
    push: stream.push,
    end() {
      const series = stream.end()
      const refused = series.refused > 0 ? [warning('series-refused', source, null, { count: series.refused })] : []
      const undated = stream.undated?.() ?? null
      return { snapshots: [...series.snapshots(), ...(undated === null ? [] : [undated])], events: [], warnings: refused }
    },
  }
}

/** `{"status":"success","data":{"resultType":"matrix","result":[…` in any order of keys; a Grafana export of such an answer has no `status`. */
const ANSWER = /"resultType"\s*:\s*"(?:matrix|vector)"/
const SERIES = /"metric"\s*:\s*\{[^{}]*\}\s*,\s*"values?"\s*:\s*\[/

export const prometheusJson = seriesReader(
  {
    id: 'prometheus-json',
    title: 'Answer of a Prometheus query',
    writtenBy: 'Prometheus, Thanos, Mimir, VictoriaMetrics: /api/v1/query and query_range; oc/kubectl exec … curl',
    sniff: (head) => (/^[\s\uFEFF]*[[{]/.test(head) && (ANSWER.test(head) || SERIES.test(head)) ? 'strong' : 'none'),
  },
  openPrometheusJson,
)

const EXPOSITION = /^(?:# (?:HELP|TYPE) [a-zA-Z_:][\w:]* |[a-zA-Z_:][\w:]*\{[a-zA-Z_]\w*=".*\} [-+.\deE]+ \d+|\{__name__="[\w:]+")/

export const prometheusText = seriesReader(
  {
    id: 'prometheus-text',
    title: 'Samples in the exposition format',
    writtenBy: 'cAdvisor, kubelet /metrics/*, OpenMetrics exports, promtool tsdb dump',
    sniff: (head) => (EXPOSITION.test(firstLines(head, 1)[0] ?? '') ? 'strong' : 'none'),
  },
  openPrometheusText,
)

const SAR_BANNER = /^Linux \S+ \([^)]+\)\s+\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\s+_\w+_\s+\(\d+ CPU\)/

export const sar = seriesReader(
  {
    id: 'sar',
    title: 'Activity of a host over time',
    writtenBy: 'sysstat: sar -r, -S, -A as text',
    sniff: (head) => (SAR_BANNER.test(firstLines(head, 1)[0] ?? '') ? 'strong' : 'none'),
  },
  openSar,
)

export const sadf = seriesReader(
  {
    id: 'sadf',
    title: 'Activity of a host, semicolons between the columns',
    writtenBy: 'sysstat: sadf -d -- -r',
    sniff: (head) => ((firstLines(head, 1)[0] ?? '').startsWith('# hostname;interval;timestamp;') ? 'strong' : 'none'),
  },
  openSadf,
)

export const kubectlTop = seriesReader(
  {
    id: 'kubectl-top',
    title: 'Memory of pods or nodes, sampled again and again',
    writtenBy: 'kubectl top pod [--containers], kubectl top node',
    sniff: (head) => (firstLines(head, 5).some((line) => TOP_HEADER.test(line)) ? 'strong' : 'none'),
  },
  openKubectlTop,
)
