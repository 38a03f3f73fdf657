import type { AnyIncident } from '../../model/report.ts'
import { kindAndName } from '../../text/echo.ts'
import { plainOf, type Rich, type RichPart, words } from './rich.ts'
import { workloadName } from './workload.ts'

/** What stands before a name in the sentences that the report makes of events: `container app`; of a name that begins with its kind it stands alone: `container-1`. */
const named =
  /\b(?:(?<what>(?:container|pod|unit|killed|evicted pod) )(?<name>[^\s:,()]{2,})|(?<alone>(?:container|pod)[\d._-][^\s:,()]+))(?=[\s:,()]|$)/g
/** A process by its whole name, which may have blanks: `the kernel killed Web Content (1175)`. */
const killedProcess = /^(?<who>[a-z- ]*killed )(?<comm>.+)(?<pid> \(\d+\))$/
/** Words of ours that may follow and are no names. */
const notNames = new Set(['of', 'is', 'was', 'with', 'by', 'and', 'started', 'ended', 'exited', 'failed', 'process', 'some'])

/** A row's sentence with its names in code style. The pod that the whole incident is about is not named again in each row. */
export function spokenText(text: string, incident: AnyIncident): Rich {
  const shown = withoutOwnPod(text, incident)
  const { who, comm, pid } = killedProcess.exec(shown)?.groups ?? {}
  if (who !== undefined && comm !== undefined && pid !== undefined)
    return { rich: [{ text: who }, { text: comm, code: true }, { text: pid }], raw: shown }
  const parts: RichPart[] = []
  let at = 0
  for (const match of shown.matchAll(named)) {
    const { what = '', name = match.groups?.['alone'] ?? '' } = match.groups ?? {}
    if (notNames.has(name)) continue
    const from = match.index + what.length
    parts.push({ text: shown.slice(at, from) }, { text: name, code: true })
    at = from + name.length
  }
  if (parts.length === 0) return words(shown)
  return { rich: [...parts, { text: shown.slice(at) }].filter((part) => part.text !== ''), raw: shown }
}

function withoutOwnPod(text: string, { workload, workloads }: AnyIncident): string {
  if (workload === null || workload.pod === null || workloads.length > 1) return text
  const pod = plainOf(workloadName({ ...workload, container: null }))
  const own = kindAndName('pod', pod)
  return text.replaceAll(` of ${own}`, '').replace(`${own}: `, '')
}
