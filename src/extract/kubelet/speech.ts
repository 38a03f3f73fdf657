import type { LogRecord } from '../../model/record.ts'
import { jsonFields, logrusLine } from '../logrus.ts'
import { scanStructured } from './structured.ts'

/** What the kubelet said: plain printf text (≤ 1.20) or a structured message with its keys (≥ 1.21, text or JSON). */
export interface Speech {
  readonly message: string
  readonly values: Readonly<Record<string, string>>
}

/**
 * Binaries that hold a kubelet: Kubernetes' own, OpenShift 4 (`kubenswrapper` starts it) and 3, k3s, RKE2, k0s, MicroK8s' `kubelite`,
 * hyperkube.
 */
const kubeletNames = /kubelet|kubelite|kubenswrapper|hyperkube|^k3s|^rke2|^k0s|openshift-node|origin-node/i

/** `I0114 18:02:17.686538    3044 kuberuntime_container.go:661] text` (klog and glog; the header never changed). */
const headerShape = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ (?<file>[\w./-]+\.go):\d+\] ?(?<text>.*)$/s

/** Source files of the kubelet whose lines are read here: they name the writer where nothing else does. */
const kubeletFiles =
  /(?:^|\/)(?:eviction_manager|memory_threshold_notifier|threshold_notifier\w*|helpers|oom_watcher\w*|kubelet\w*|kuberuntime_\w+|pod_workers|generic|prober|worker|setters|predicate|preemption|event|manager|pod_container_deletor)\.go/

/** The kubelet's words in a record, or `null` when somebody else is known to have written it. */
export function kubeletSpeech(record: LogRecord): Speech | null {
  if (record.writer === 'kernel') return null
  const line = record.message.startsWith('time=') ? logrusLine(record).message : record.message
  const header = headerShape.exec(line)?.groups
  const text = header?.['text'] ?? line
  const name = record.identifier ?? record.unit
  const file = header?.['file'] ?? record.fields['caller'] ?? ''
  if (name !== null && !kubeletNames.test(name) && !kubeletFiles.test(file)) return null
  return speechOf(text, record.fields)
}

function speechOf(text: string, fields: Readonly<Record<string, string>>): Speech {
  if (text.startsWith('"')) {
    const structured = scanStructured(text)
    if (structured !== null) return { message: structured.message, values: { ...fields, ...structured.values } }
  }
  if (text.startsWith('{')) {
    const json = jsonFields(text)
    if (json?.['msg'] !== undefined) return { message: json['msg'], values: json }
  }
  return { message: text, values: fields }
}
