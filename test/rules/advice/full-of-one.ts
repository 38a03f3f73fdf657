import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Incident, Workload } from '../../../src/model/incident.ts'
import type { lowerHeap } from '../../../src/rules/advice/bound-runtime.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { counter } from '../../kernel/make-dump.ts'
import { factsWith, MIB } from '../facts-with.ts'
import { inPod, makeContainer, makePod, memcgDump, podWorkload } from '../make-incident.ts'

/** A container under a limit of so many MiB, full of one process that was started with these words. */
export const full = (
  comm: string,
  words: string,
  mib = 1024,
  more: Partial<IncidentFacts> = {},
  workload: Partial<Workload> | null = {},
  incident: Partial<Incident> = {},
) => {
  const dump = memcgDump({ memory: counter(mib * 1024, mib * 1024), swap: counter(0, 0) }, { anon: mib * 0.95 * MIB }, [
    { rss: mib * 244, anon: mib * 243, comm },
  ])
  const container = makeContainer({ env: { OPTS: words }, limitBytes: { value: mib * MIB, quote: null } as never })
  return factsWith(inPod(dump, incident, { comm, workload: workload === null ? null : { ...podWorkload, ...workload } }), {
    container,
    pod: makePod([container]),
    commandLine: null,
    ...more,
  })
}
export type Advice = ReturnType<typeof lowerHeap>
export const said = (all: Advice) => all.map(({ text }) => plainPhrase(text)).join()
export const commandOf = (all: Advice) => all.map(({ command }) => command).join()
export const effectOf = (all: Advice) => all.map(({ effect }) => plainPhrase(effect)).join()
