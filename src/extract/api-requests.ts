import type { ChangeEvent, ContainerRef } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { bytesOfQuantity } from '../units/bytes.ts'
import { readIsoStamp } from '../units/stamp.ts'
import { momentOf } from './documents/times.ts'
import { baseOf, refOf } from './event-base.ts'
import { lineExtractor } from './line-extractor.ts'

/**
 * Requests to the API that change a workload or run a command in its container, as they are logged. Two print them:
 * - the API server's audit log (`audit.k8s.io/v1`, a JSON object a line, fields in this order):
 *   `{"kind":"Event","apiVersion":"audit.k8s.io/v1","stage":"ResponseComplete","requestURI":"/apis/apps/v1/namespaces/shop/deployments/cart?fieldManager=kubectl-edit",
 *   "verb":"patch",…,"responseStatus":{"code":200},"requestReceivedTimestamp":"2026-11-24T09:02:11.123456Z",…}`
 * - httplog of the API server and the kubelet (apiserver/pkg/server/httplog, at -v=3):
 *   `"HTTP" verb="POST" URI="/exec/shop/cart-0/app?command=sh&tty=1" latency="…" userAgent="…" resp=101`
 */
const uriShape = /"requestURI": ?"(?<audit>\/[^"]{1,4000})"|URI="(?<http>\/[^"]{1,4000})"/
const verbShape = /"verb": ?"(?<audit>\w{1,20})"|verb="(?<http>\w{1,20})"/
const codeShape = /"code": ?(?<audit>\d{3})[,}]|resp=(?<http>\d{3})/
const timeShape = /"requestReceivedTimestamp": ?"(?<time>[^"]{10,40})"/

const either = (shape: RegExp, text: string): string | null => {
  const groups = shape.exec(text)?.groups
  return groups?.['audit'] ?? groups?.['http'] ?? null
}

// /api/v1/namespaces/shop/pods/cart-0/exec?command=…  of the API; /exec/shop/cart-0/app?command=…  of the kubelet (a UID may stand before the container)
const apiExec = /^\/api\/v1\/namespaces\/(?<namespace>[\w.-]{1,63})\/pods\/(?<pod>[\w.-]{1,253})\/exec$/
const kubeletExec = /^\/exec\/(?<namespace>[\w.-]{1,63})\/(?<pod>[\w.-]{1,253})\/(?:[0-9a-f-]{36}\/)?(?<container>[\w.-]{1,63})$/
// /apis/apps/v1/namespaces/shop/deployments/cart; a subresource (`/status`, `/scale`) is no edit of the template, `/resize` of a pod sets limits
const workload =
  /^\/apis\/(?:apps|batch)\/v1(?:beta\d)?\/namespaces\/(?<namespace>[\w.-]{1,63})\/(?<resource>deployments|statefulsets|daemonsets|replicasets|cronjobs)\/(?<name>[\w.-]{1,253})$/
const podResize = /^\/api\/v1\/namespaces\/(?<namespace>[\w.-]{1,63})\/pods\/(?<pod>[\w.-]{1,253})(?:\/resize)?$/

// "resources":{"limits":{"cpu":"1","memory":"256Mi"},…}   in the object that was sent, where the audit policy keeps it
const limitShape = /"limits":\{[^{}]{0,200}?"memory":"(?<size>[\w.]{1,20})"/g

/** The one limit that the request holds; several containers, or none, tell nothing. */
function limitIn(text: string): number | null {
  const sizes = new Set([...text.matchAll(limitShape)].map((found) => found.groups?.['size'] ?? ''))
  const [size, ...rest] = sizes
  return size === undefined || rest.length > 0 ? null : bytesOfQuantity(size)
}

interface Uri {
  readonly path: string
  readonly query: URLSearchParams
}

function uriOf(text: string): Uri | null {
  const uri = either(uriShape, text)
  if (uri === null) return null
  // JSON of Go escapes `&`.
  const plain = uri.replaceAll('\\u0026', '&')
  const mark = plain.indexOf('?')
  return mark < 0
    ? { path: plain, query: new URLSearchParams() }
    : { path: plain.slice(0, mark), query: new URLSearchParams(plain.slice(mark + 1)) }
}

type Parts = Pick<ChangeEvent, 'what' | 'subject' | 'detail' | 'target'> & Partial<Pick<ChangeEvent, 'owner' | 'limitBytes'>>

function execIn({ path, query }: Uri): Parts | null {
  const found = apiExec.exec(path)?.groups ?? kubeletExec.exec(path)?.groups
  const command = query.getAll('command').join(' ')
  if (found === undefined || command === '') return null
  const target: ContainerRef = refOf({
    namespace: found['namespace'],
    pod: found['pod'],
    container: found['container'] ?? query.get('container'),
  })
  return { what: 'exec', subject: found['pod'] ?? null, detail: command.slice(0, 200), target }
}

const EDITS: ReadonlySet<string> = new Set(['patch', 'update', 'put'])

function editIn({ path, query }: Uri, verb: string, text: string): Parts | null {
  if (!EDITS.has(verb)) return null
  const manager = query.get('fieldManager') ?? 'a client'
  const limit = limitIn(text)
  const limited = limit === null ? {} : { limitBytes: limit }
  const pod = podResize.exec(path)?.groups
  if (pod !== undefined)
    return limit === null
      ? null
      : {
          what: 'limit',
          subject: pod['pod'] ?? null,
          detail: manager,
          target: refOf({ namespace: pod['namespace'], pod: pod['pod'] }),
          ...limited,
        }
  const found = workload.exec(path)?.groups
  if (found === undefined) return null
  const { namespace = null, resource = '', name = '' } = found
  return {
    what: limit === null ? 'edit' : 'limit',
    subject: `${resource}/${name}`,
    detail: `${manager} ${resource}/${name}`,
    target: null,
    owner: { namespace, name },
    ...limited,
  }
}

function readRequest(record: LogRecord): ChangeEvent | null {
  if (record.writer === 'kernel') return null
  const text = record.message
  const uri = uriOf(text)
  const verb = either(verbShape, text)?.toLowerCase() ?? ''
  const code = Number(either(codeShape, text) ?? 'NaN')
  // A request is logged when it comes in and when it is answered: the answer tells whether it was granted.
  if (uri === null || code >= 300 || (text.includes('"stage"') && !/"stage": ?"Response/.test(text))) return null
  const parts = execIn(uri) ?? editIn(uri, verb, text)
  if (parts === null) return null
  const time = timeShape.exec(text)?.groups?.['time']
  const stamp = time === undefined ? null : (readIsoStamp(time, 0, 'emitted')?.stamp ?? null)
  const base = baseOf(record)
  return {
    ...base,
    moment: stamp === null ? base.moment : momentOf(stamp),
    kind: 'change',
    by: text.includes('"requestURI"') ? 'API audit' : 'API',
    ...parts,
  }
}

export const apiRequests = lineExtractor('api-requests', ['fieldManager=', '?command='], readRequest)
