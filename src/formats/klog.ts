import { readKlogHeader } from './inner-klog.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'

function read(text: string): Head | null {
  const header = readKlogHeader(text)
  if (header === null) return null
  const { end, caller, ...told } = header
  return { width: end, ...told, writer: 'userspace', fields: { caller } }
}

export const klog = prefixedFormat({
  id: 'klog',
  title: 'Kubernetes components, klog and glog text',
  writtenBy: 'kubelet, kube-log-runner, hyperkube, RKE2 kubelet.log',
  seen: 'documented',
  read,
  escapes: 'none',
  joins,
})

/** Values of several lines: `key=<`, lines that begin with a tab, and ` >` with whatever follows. */
function joins(text: string, last: string): boolean {
  return (last.endsWith('=<') || last.startsWith('\t')) && (text.startsWith('\t') || text.startsWith(' >'))
}
