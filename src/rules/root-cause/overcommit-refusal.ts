import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { isKernelFrom } from '../advice/kernel-age.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'
import { refusals } from '../limit/overcommit-limit.ts'

/** ENOMEM instead of a kill: what it means depends on vm.overcommit_memory (Documentation/mm/overcommit-accounting.rst). */
export const overcommitRefusal = defineRule({
  question: 'rootCause',
  id: 'overcommit-refusal',
  title: 'Overcommit accounting refused',
  needs: [],
  weight: 90,
  evaluate(facts) {
    if (facts.incident.nature !== 'refused-allocation') return null
    const mode = facts.sysctl?.['vm.overcommit_memory'] ?? null
    const kernel = refusals(facts).some(({ event }) => event.kind === 'kernel-notice')
    const known = modeOf(facts)
    return {
      confidence: kernel && known === '2' && mode !== null ? facts.trust : known === '1' ? 'low' : 'medium',
      statement: say`${MEANS[known ?? 'unknown']}${mode === null ? say`` : say` (${code('vm.overcommit_memory')} is ${mode.value})`}; that says nothing about what was in use.${promised(facts)}`,
      evidence: evidence(eventLines(refusals(facts), 3), [
        mode?.quote,
        facts.meminfo?.['CommitLimit']?.quote,
        facts.meminfo?.['Committed_AS']?.quote,
      ]),
      against: known === '1' ? say`In mode 1 the kernel refuses no promise: the refusal is a limit of the process itself.` : null,
    }
  },
  recommend: (facts) => ADVICE[modeOf(facts) ?? 'unknown'](facts),
  settledBy: (facts) =>
    facts.incident.nature !== 'refused-allocation' || facts.sysctl?.['vm.overcommit_memory'] != null
      ? []
      : [
          {
            text: say`The overcommit mode and what is promised: in mode 2 the sum of all promises has a limit, in mode 0 only one request's size.`,
            command: 'sysctl vm.overcommit_memory vm.overcommit_ratio vm.overcommit_kbytes; grep -i commit /proc/meminfo',
          },
        ],
})

type Mode = '0' | '1' | '2'

const MEANS: Readonly<Record<Mode | 'unknown', string>> = {
  '0': 'One request was larger than the kernel takes for possible',
  '1': 'A request for memory was refused, by another limit than the kernel’s accounting of promises',
  '2': 'More memory was asked for than the kernel may promise',
  unknown: 'More memory was asked for than the kernel would promise',
}

/** The setting where it was read; else what the sums allow: in mode 2 what is promised stays below the commit limit. */
function modeOf(facts: IncidentFacts): Mode | null {
  const told = facts.sysctl?.['vm.overcommit_memory']?.value ?? null
  if (told === '0' || told === '1' || told === '2') return told
  const limit = facts.meminfo?.['CommitLimit']?.value ?? null
  const used = facts.meminfo?.['Committed_AS']?.value ?? null
  if (limit === null || used === null || limit <= 0) return isRedis(facts) ? '0' : null
  return used > limit * 1.05 ? '0' : used > limit * 0.9 ? '2' : isRedis(facts) ? '0' : null
}

const isRedis = (facts: IncidentFacts): boolean =>
  refusals(facts).some(({ event }) => event.kind === 'runtime' && event.runtime === 'redis')

function promised(facts: IncidentFacts): Phrase {
  const limit = facts.meminfo?.['CommitLimit']?.value ?? null
  const used = facts.meminfo?.['Committed_AS']?.value ?? null
  return limit === null || used === null || modeOf(facts) !== '2'
    ? say``
    : say` ${bytes(used)} of ${bytes(limit)} were promised when the figures were taken.`
}

const ADVICE: Readonly<Record<Mode | 'unknown', (facts: IncidentFacts) => readonly Recommendation[]>> = {
  '0': heuristic,
  '1': () => [ownLimits],
  '2': strict,
  unknown: () => [findMode],
}

const SETTINGS = 'sysctl vm.overcommit_memory vm.overcommit_ratio vm.overcommit_kbytes; grep -i commit /proc/meminfo'

const findMode: Recommendation = {
  text: say`Read the overcommit mode before anything is changed: in mode 2 raise ${code('vm.overcommit_ratio')} or add swap; in mode 0 look for the one request that was too large; in mode 1 for a limit of the process itself.`,
  why: say`The same message has three possible reasons, and what helps against one does nothing for the others.`,
  command: `${SETTINGS}; ulimit -v`,
  when: 'now',
  effect: say`Changes nothing.`,
  owner: 'platform',
}

const ownLimits: Recommendation = {
  text: say`Look for a limit of the process itself: its address space (${code('ulimit -v')}, ${code('LimitAS=')}), the number of its mappings (${code('vm.max_map_count')}), or a 32-bit program that has no addresses left.`,
  why: say`With ${code('vm.overcommit_memory')} at 1 the kernel promises whatever is asked for: its accounting refused nothing.`,
  command: 'sysctl vm.overcommit_memory vm.max_map_count; ulimit -v',
  when: 'now',
  effect: say`Changes nothing.`,
  owner: 'platform',
}

/** Mode 2: the commit limit is swap and overcommit_ratio percent of RAM, or overcommit_kbytes. */
function strict(facts: IncidentFacts): readonly Recommendation[] {
  const limit = facts.meminfo?.['CommitLimit']?.value ?? null
  const used = facts.meminfo?.['Committed_AS']?.value ?? null
  const figures = limit === null || used === null ? say`` : say` (${bytes(used)} of ${bytes(limit)} are promised)`
  return [
    {
      text: say`Raise ${code('vm.overcommit_ratio')} or add swap${figures}, or use mode 0 where no program relies on strict accounting.`,
      why: say`With strict accounting, large reservations that are never touched use up the commit limit.`,
      command: SETTINGS,
      when: 'now',
      effect: say`The command changes nothing; the settings are in force at once.`,
      owner: 'platform',
    },
    {
      text: say`Find who holds the largest promises, and whether it needs them (thread stacks, heaps reserved in advance, shared buffers).`,
      why: say`What is promised and never used could be given back by a smaller setting of that program.`,
      command:
        'for p in /proc/[0-9]*; do echo "$(grep -s VmData $p/status | tr -s "\\t " " " | cut -d" " -f2) $(cat $p/comm 2>/dev/null)"; done | sort -rn | head -15',
      when: 'find',
      effect: say`Changes nothing.`,
      owner: 'platform',
    },
  ]
}

/** Mode 0 refuses one request that is plainly too large: as a rule the copy that a fork promises, or a wild size. */
function heuristic(facts: IncidentFacts): readonly Recommendation[] {
  const available = facts.meminfo?.['MemAvailable']?.value ?? null
  const left = available === null ? say`` : say` (${bytes(available)} was available)`
  if (isRedis(facts))
    return [
      {
        text: say`Set ${code('vm.overcommit_memory')} to 1 on the machine that runs Redis${left}, or leave room for a second copy of its data.`,
        why: say`A background save forks: the kernel must promise all of the parent's memory a second time, though little of it is ever copied.`,
        command: 'sysctl -w vm.overcommit_memory=1',
        when: 'now',
        effect: say`In force at once; lost at the next boot without an entry in sysctl.d.`,
        owner: 'platform',
      },
    ]
  // mm/util.c since 5.2: more than RAM and swap together; before: more than what is free or can be reclaimed.
  const bound = isKernelFrom(facts, 5, 2) === false ? 'all that was free or could be reclaimed' : 'all memory and swap together'
  return [
    {
      text: say`Find out which request was refused${left}: in mode 0 only one that is larger than ${bound} is.`,
      why: say`Mode 0 promises more than there is; it refuses only what is plainly too much at once: a wrong size, or a reservation that should be smaller.`,
      command: 'sysctl vm.overcommit_memory; grep -i commit /proc/meminfo; ulimit -v',
      when: 'now',
      effect: say`Changes nothing.`,
      owner: 'application',
    },
  ]
}
