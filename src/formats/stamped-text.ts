import { SPACE } from '../units/characters.ts'
import { readIsoStamp } from '../units/stamp.ts'
import { labelledWriter } from './author.ts'
import { readCriHead } from './inner-cri.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'
import { judge } from './sniffing.ts'
import { readIsoHead } from './syslog-line.ts'

/** What stands between stamp and text, and what it tells. */
const afterStamp =
  /^(?:\t(?<file>[\w.*-]{1,120})\t(?=\{)|[ \t](?:(?<labels>\{[^{}]{0,2000}\})[ \t]|(?<stream>[\w.-]{0,200}\/[\w./-]{1,400}) (?=\S)|(?<bare>[\w.-]{1,200}) (?=\[ {0,5}\d{1,10}\.\d{6}\]|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\d{4}-\d\d-\d\dT)|(?<tag>[\w.*-]{1,120}): (?=\{))?)/
/** `[pod/name/container] ` (kubectl logs --prefix), before the stamp or alone. */
const podPrefix = /^\[pod\/(?<pod>[\w.-]{1,253})\/(?<container>[\w.-]{1,63})\] /

/**
 * A collector's RFC 3339 stamp, then the line as it was: kubectl logs --timestamps, CloudWatch in S3 (`2024-01-31T12:00:00.000Z text`), aws logs tail (the stream
 * follows), logcli (labels in braces follow), Fluentd's files (`… +0000 tag: {…}`).
 */
function read(text: string): Head | null {
  const place = podPrefix.exec(text)
  const from = place?.[0].length ?? 0
  const found = readIsoStamp(text, from, 'received')
  if (found === null) return place === null ? null : { width: from, ...labelled(placeFields(place)) }
  if (found.stamp.offsetMinutes === null && place === null) return null
  if (
    text.length > found.end &&
    text.charCodeAt(found.end) !== SPACE &&
    !/^\t(?:[\w.*-]{1,120}\t)?\{/.test(text.slice(found.end, found.end + 130))
  )
    return null
  // Another wrapping knows more of this line.
  if (place === null && (readIsoHead(text, 0) !== null || readCriHead(text) !== null)) return null
  const after = afterStamp.exec(text.slice(found.end))
  return {
    width: found.end + (after?.[0].length ?? 0),
    wall: found.stamp,
    ...labelled(place === null ? labelsOf(after?.groups?.['labels']) : placeFields(place)),
  }
}

/** What a pod or a container printed is its own word, whatever it says, unless it hands on its node's logs. */
function labelled(fields: Readonly<Record<string, string>>): Pick<Head, 'fields' | 'writer'> {
  const writer = labelledWriter(fields)
  return writer === null ? { fields } : { fields, writer }
}

function placeFields(place: RegExpExecArray): Readonly<Record<string, string>> {
  return { pod: place.groups?.['pod'] as string, container: place.groups?.['container'] as string }
}

/** `{namespace="x", pod="y"}` as logcli prints it, `{"namespace":"x","pod":"y"}` as Grafana's export does. */
function labelsOf(text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined) return {}
  return Object.fromEntries(
    [...text.matchAll(/(?<name>\b\w{1,64})(?:=|": ?)"(?<value>[^"]{0,512})"/g)].map(({ groups }) => [
      groups?.['name'] as string,
      groups?.['value'] as string,
    ]),
  )
}

export const stampedText = prefixedFormat({
  id: 'stamped-text',
  title: "lines with a collector's stamp in front",
  writtenBy: 'kubectl logs --timestamps --prefix, CloudWatch exports to S3, aws logs tail, logcli, Fluentd files',
  seen: 'documented',
  // Many programs begin their lines so: a single one inside another wrapping must not turn the whole file over to this.
  sniff(head) {
    const verdict = judge(head, (text) => read(text) !== null, 0.7)
    return verdict === 'strong' && head.length < 3 ? 'weak' : verdict
  },
  read,
  escapes: 'none',
})
