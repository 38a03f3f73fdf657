import { warning } from '../../warnings.ts'
import type { DocumentReader, DocumentStream } from '../define-extractor.ts'
import { ATOP_BANNER, ATOP_PARSEABLE, openAtop } from '../series/atop.ts'
import type { SeriesCollection } from '../series/collect.ts'
import type { SeriesStream } from '../series/define-series-reader.ts'
import { GRAFANA_CSV, grafanaFrames, openGrafanaCsv } from '../series/grafana.ts'
import { readKubeJson } from '../series/kube-json.ts'
import { openKubectlTop, TOP_HEADER } from '../series/kubectl-top.ts'
import { isFreeEvery, isLoopTable, openLoop } from '../series/loop.ts'
import { openPrometheusJson } from '../series/prometheus-json.ts'
import { openPrometheusText } from '../series/prometheus-text.ts'
import { readSadfJson } from '../series/sadf-json.ts'
import { openSadf, openSar } from '../series/sar.ts'
import { openVmstat, VMSTAT_HEADER } from '../series/vmstat.ts'
import { dateLine } from '../series/when.ts'
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

/** A document that is read whole: JSON of more than one value. */
const wholeReader = (
  reader: Omit<DocumentReader, 'read' | 'seen'>,
  read: (source: string, text: string) => SeriesCollection,
  seen: DocumentReader['seen'],
): DocumentReader => ({
  ...reader,
  seen,
  read: ({ source, text }) => factsStream(source, { push: () => {}, end: () => read(source, text) }).end(),
})

/** `{"status":"success","data":{"resultType":"matrix","result":[…` in any order of keys; a Grafana export of such an answer has no `status`. */
const ANSWER = /"resultType"\s*:\s*"(?:matrix|vector)"/
const SERIES = /"metric"\s*:\s*\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\}\s*,\s*"values?"\s*:\s*\[/

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

const SAR_BANNER = /^Linux \S+ \([^)]+\)\s+\d{1,4}[-./年]\d{1,2}[-./月]\d{1,4}日?\s+_\w+_\s+\(\d+ CPU\)/

export const sar = seriesReader(
  {
    id: 'sar',
    title: 'Activity of a host over time',
    writtenBy: 'sysstat: sar -r, -S, -A as text, pidstat -r',
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

export const vmstatTimes = seriesReader(
  {
    id: 'vmstat-t',
    title: 'Memory of a host over time',
    writtenBy: 'vmstat -t',
    sniff: (head) => (firstLines(head, 3).some((line) => VMSTAT_HEADER.test(line)) ? 'strong' : 'none'),
  },
  openVmstat,
  'real',
)

export const atop = seriesReader(
  {
    id: 'atop',
    title: 'Activity of a host and its processes over time',
    writtenBy: 'atop as text, atop -P MEM,SWP,PRM',
    sniff: (head) => (firstLines(head, 3).some((line) => ATOP_BANNER.test(line) || ATOP_PARSEABLE.test(line)) ? 'strong' : 'none'),
  },
  openAtop,
  'real',
)

/** More than one date among the first lines, and something to read behind the first; or `free -s 60`, which says how far apart its tables are. */
function isLoop(head: string): boolean {
  const lines = firstLines(head, 300)
  const free = lines.slice(0, 4).findIndex(isFreeEvery)
  if (free !== -1 && lines.slice(free + 1, free + 4).some(isLoopTable)) return true
  const first = lines.slice(0, 4).findIndex((line) => dateLine(line) !== null)
  if (first === -1 || !lines.slice(first + 1, first + 12).some(isLoopTable)) return false
  return lines.slice(first + 1).some((line) => dateLine(line) !== null)
}

export const loop = seriesReader(
  {
    id: 'dated-samples',
    title: 'Outputs with a date before each',
    writtenBy: 'a loop around date and free, ps, docker stats, crictl stats, /proc/pressure/memory, /proc/meminfo, files of a cgroup',
    sniff: (head) => (isLoop(head) ? 'strong' : 'none'),
  },
  openLoop,
  'real',
)

export const grafanaCsv = seriesReader(
  {
    id: 'grafana-csv',
    title: 'Data of a panel as CSV',
    writtenBy: 'Grafana: Inspect, Data, Download CSV',
    sniff(head) {
      const [first = '', second = ''] = firstLines(head, 2)
      // A log's lines have words, figures have not.
      return GRAFANA_CSV.test(first) && !/[a-z]{4}/i.test(second) && /^"?\d{4}-\d\d-\d\d[ T]|^"?\d{13}"?[,;]/.test(second)
        ? 'strong'
        : 'none'
    },
  },
  openGrafanaCsv,
)

const FRAME = /"fields"\s*:\s*\[/
export const grafanaJson = wholeReader(
  {
    id: 'grafana-json',
    title: 'Data of a panel as JSON',
    writtenBy: 'Grafana: Inspect, Panel JSON, Data; /api/ds/query',
    sniff: (head) => (/^[\s\uFEFF]*[[{]/.test(head) && FRAME.test(head) && /"type"\s*:\s*"time"/.test(head) ? 'strong' : 'none'),
  },
  grafanaFrames,
  'documented',
)

export const sadfJson = wholeReader(
  {
    id: 'sadf-json',
    title: 'Activity of a host as JSON',
    writtenBy: 'sysstat: sadf -j -- -r -S',
    sniff: (head) => (/^\s*\{\s*"sysstat"\s*:/.test(head) ? 'strong' : 'none'),
  },
  readSadfJson,
  'real',
)

const METRICS_KIND = /"kind"\s*:\s*"(?:Pod|Node)Metrics(?:List)?"/
const SUMMARY = /"(?:workingSetBytes|availableBytes)"\s*:/
export const kubeJson = wholeReader(
  {
    id: 'kube-metrics-json',
    title: 'Memory as the kubelet or the metrics server tells it',
    writtenBy: 'kubectl get --raw …/proxy/stats/summary and /apis/metrics.k8s.io/v1beta1/…; crictl stats -o json',
    sniff: (head) => (/^[\s\uFEFF]*\{/.test(head) && (METRICS_KIND.test(head) || SUMMARY.test(head)) ? 'strong' : 'none'),
  },
  readKubeJson,
  'documented',
)
