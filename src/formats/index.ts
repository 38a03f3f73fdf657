import { exportFormats } from './cloud/export-formats.ts'
import { cri } from './cri.ts'
import type { LineFormat } from './define-format.ts'
import { detectIn } from './detect.ts'
import { dmesg } from './dmesg.ts'
import { dmesgCtime } from './dmesg-ctime.ts'
import { dmesgDecode } from './dmesg-decode.ts'
import { dmesgDelta } from './dmesg-delta.ts'
import { dmesgIso } from './dmesg-iso.ts'
import { dmesgJson } from './dmesg-json.ts'
import { dmesgRaw } from './dmesg-raw.ts'
import { dmesgReltime } from './dmesg-reltime.ts'
import { fluentStdout } from './fluent-stdout.ts'
import { hypervisor } from './hypervisor.ts'
import { journalExport } from './journal-export.ts'
import { journalJson } from './journal-json.ts'
import { journalJsonPretty } from './journal-json-pretty.ts'
import { journalShortFull } from './journal-short-full.ts'
import { journalShortMonotonic } from './journal-short-monotonic.ts'
import { journalShortUnix } from './journal-short-unix.ts'
import { journalVerbose } from './journal-verbose.ts'
import { klog } from './klog.ts'
import { kmsg } from './kmsg.ts'
import { lava } from './lava.ts'
import { learned } from './learned.ts'
import { logcat } from './logcat.ts'
import { logrus } from './logrus.ts'
import { nodeLogs } from './node-logs.ts'
import { plain } from './plain.ts'
import { pstore } from './pstore.ts'
import { serialConsole } from './serial-console.ts'
import { stampedText } from './stamped-text.ts'
import { syslogRfc3164 } from './syslog-rfc3164.ts'
import { syslogRfc3339 } from './syslog-rfc3339.ts'
import { syslogRfc5424 } from './syslog-rfc5424.ts'
import { talos } from './talos.ts'

export { unwrap } from './unwrap.ts'

/** All wrappings, in the order in which they are asked: what is told by a rare mark before what takes many lines. */
export const formats: readonly LineFormat[] = [
  journalVerbose,
  journalExport,
  journalJson,
  journalJsonPretty,
  dmesgJson,
  ...exportFormats,
  fluentStdout,
  pstore,
  kmsg,
  lava,
  hypervisor,
  talos,
  logcat,
  journalShortFull,
  journalShortUnix,
  journalShortMonotonic,
  dmesgIso,
  dmesgCtime,
  dmesgDelta,
  dmesgReltime,
  dmesgDecode,
  serialConsole,
  dmesgRaw,
  dmesg,
  cri,
  klog,
  logrus,
  syslogRfc5424,
  syslogRfc3164,
  syslogRfc3339,
  nodeLogs,
  stampedText,
  learned,
  plain,
]

/**
 * Finds the wrapping of up to 64 lines by their content, damage and a backward order included. Always answers: `plain` is the last resort.
 * The same damage gives the same object, so results may be compared.
 */
export function detectFormat(head: readonly string[]): LineFormat {
  return detectIn(formats, plain, head)
}
