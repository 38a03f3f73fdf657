import { kubeletFiles, speakerNames } from '../../kube/speakers.ts'
import type { LogRecord } from '../../model/record.ts'
import { jsonFields, logrusLine } from '../logrus.ts'
import { scanStructured } from './structured.ts'

/** What the kubelet said: plain printf text (≤ 1.20) or a structured message with its keys (≥ 1.21, text or JSON). */
export interface Speech {
  readonly message: string
  readonly values: Readonly<Record<string, string>>
}

/** `I0114 18:02:17.686538    3044 kuberuntime_container.go:661] text` (klog and glog; the header never changed). */
const headerShape = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ (?<file>[\w./-]+\.go):\d+\] ?(?<text>.*)$/s

/** What starts a kubelet in the foreground and logs under a name of its own. */
const starters = /docker|podman|rkt|crio|conmon|^(?:ba|da)?sh$|systemd|start|run|wrapper|k8s|kube|node|snap|cloud/i

/** The kubelet's words in a record, or `null` when somebody else is known to have written it. */
export function kubeletSpeech(record: LogRecord): Speech | null {
  if (record.writer === 'kernel') return null
  const line = record.message.startsWith('time=') ? logrusLine(record).message : record.message
  const header = headerShape.exec(line)?.groups
  const text = header?.['text'] ?? line
  const name = record.identifier ?? record.unit
  const file = header?.['file'] ?? record.fields['caller'] ?? ''
  if (name !== null && !speakerNames.kubelet.test(name) && !(starters.test(name) && kubeletFiles.test(file))) return null
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
