import { prefixedFormat } from './prefixed-format.ts'
import { judge } from './sniffing.ts'

const begins = (text: string): boolean =>
  /^(?:time|ts)="?\d{4}-\d\d-\d\dT[^ ]{8,40} (?:level|lvl)=|^level=[a-z]{4,8} (?:ts|time|msg)=/.test(text)

export const logrus = prefixedFormat({
  id: 'logrus',
  title: 'runtimes, logrus text',
  writtenBy: 'containerd, CRI-O, dockerd, podman, k3s, RKE2 into a file of their own',
  seen: 'documented',
  sniff: (head) => judge(head, begins),
  // The front is taken off by the unwrapping that follows every decoder.
  read: (text) => (begins(text) ? { width: 0 } : null),
  escapes: 'none',
})
