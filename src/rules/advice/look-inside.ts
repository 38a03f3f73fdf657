import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { isOuter, workloadOf } from '../../facts/names.ts'
import { isContainerId, isPodUid } from '../../kube/ids.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { withoutStar } from '../../text/names.ts'
import { bytes, code, say, seconds } from '../../text/say.ts'
import { needsShell, shellWord } from '../../text/shell.ts'
import { survivingRun } from '../consequence/aftermath.ts'
import { lifetimeSeconds } from '../root-cause/signs.ts'
import { nextRunFits } from '../root-cause/startup-peak.ts'
import { insideLxc, lxcOf } from './lxc.ts'
import { readPreviousLog } from './read-log.ts'
import { runtimeCli } from './runtime-cli.ts'
import { sandboxPid } from './sandbox.ts'
import { type Subject, subjectOf } from './subject.ts'
import { insideOf, isWaiting, targetOf, throughPort } from './target.ts'

/** What shows what is in the memory of the one that held it, by its runtime's own tool. */
export function lookInside(facts: IncidentFacts): readonly Recommendation[] {
  const subject = subjectOf(facts)
  if (subject === null || subject.runtime?.heapless) return []
  return [...(isWaiting(facts) ? readPreviousLog(facts) : []), ...inspect(facts, subject)]
}

function inspect(facts: IncidentFacts, subject: Subject): readonly Recommendation[] {
  const held =
    subject.bytes === null
      ? say``
      : say` It held ${bytes(subject.bytes)}${subject.count > 1 ? say` in ${subject.count} processes` : say``}.`
  const { runtime } = subject
  if (runtime === null) {
    return [
      {
        text: say`Take two heap profiles of ${code(subject.comm)} in one run, early and late, and see what grew.${held}${tooShort(facts)}`,
        why: say`Only the program can give this memory back: what is in it tells a leak from load.`,
        command: null,
        when: 'find',
        effect: say`Slows the process while the profile is taken.`,
        owner: 'application',
      },
    ]
  }
  return [
    {
      text: say`${runtime.look}${held}${tooShort(facts)}`,
      why: say`The kernel's report says how much ${code(subject.comm)} held, but not what is in it: the tools of ${runtime.title} show that.`,
      command: commandFor(facts, subject, runtime.command),
      when: 'find',
      effect: runtime.cost ?? say`Changes nothing.`,
      owner: 'application',
    },
  ]
}

/** A run is over before anybody has typed a command. */
const SHORT_SECONDS = 300

/** How long a run lasts, where that is too short for a command inside of it. */
const shortRun = (facts: IncidentFacts, subject: Subject): number | null => {
  const life = lifetimeSeconds(facts)
  return subject.within && life !== null && life >= 0 && life < SHORT_SECONDS && survivingRun(facts) === null && !nextRunFits(facts)
    ? life
    : null
}

function tooShort(facts: IncidentFacts): Phrase {
  const subject = subjectOf(facts)
  const life = subject === null ? null : shortRun(facts, subject)
  if (life === null)
    return subject?.within && isWaiting(facts)
      ? say` Its container waits (CrashLoopBackOff), and no command can be run in it: try a copy of the pod (${code('kubectl debug --copy-to')}).`
      : say``
  return say` The killed run lasted ${seconds(Math.max(1, Math.round(life)))}, too short for a command inside it: start the profile with the program, or try it on a copy with a larger limit.`
}

/** Programs that start another one and wait for it (`npm start` is npm's own title): the first process of a container is then not the one that is looked for. */
const STARTERS: ReadonlySet<string> = new Set([
  'sh',
  'bash',
  'dash',
  'ash',
  'tini',
  'dumb-init',
  'docker-init',
  'catatonit',
  's6-svscan',
  'supervisord',
  'npm',
  'yarn',
  'pnpm',
])

/** What stands for the process in a command inside its container: its first process, unless that only started it. */
function pidInside(facts: IncidentFacts, { comm, pid, runtime }: Subject): string {
  if (runtime?.all !== undefined) return runtime.all
  const rows = facts.scope === 'memcg' ? (facts.dump?.tasks ?? []) : []
  const first = rows.reduce<(typeof rows)[number] | null>(
    (least, row) => (row.comm === 'pause' || (least !== null && least.pid < row.pid) ? least : row),
    null,
  )
  if (first === null || first.pid === pid) return '1'
  return STARTERS.has(first.comm.split(' ')[0] ?? '') ? `$(pgrep -o ${shellWord(withoutStar(comm))})` : LARGEST
}

/** A worker that grew is not its parent, and has its parent's name: the largest in there, without `ps`. */
const LARGEST = '$(grep -sH VmRSS /proc/[0-9]*/status | sort -k2 -rn | head -1 | cut -d/ -f3)'

/** Inside of a container the program is process 1 as a rule; on a host `pgrep` finds it. Pipes and lists need a shell in there. */
export function commandFor(facts: IncidentFacts, subject: Subject, command: string | null): string | null {
  if (command === null || subject.runtime?.outside === true) return command
  if (shortRun(facts, subject) !== null) return null
  const port = subject.runtime?.port
  const asked = port !== undefined && subject.within && !isOuter(facts) ? fromOutside(facts, port, command) : null
  if (asked !== null) return asked
  const within = command.replaceAll('PID', pidInside(facts, subject))
  const target = targetOf(facts)
  const inside = subject.within && !isOuter(facts) ? insideOf(facts) : ''
  if (inside === '') {
    const comm = shellWord(withoutStar(subject.comm))
    const docker = dockerInside(facts, subject)
    if (docker !== null) return needsShell(within) ? `${docker}sh -c ${shellWord(within)}` : `${docker}${within}`
    const uid = subject.within && !isOuter(facts) ? (facts.victimCgroup?.podUid ?? null) : null
    if (uid !== null && isPodUid(uid) && target === null) return insideByUid(uid, within)
    // The pod that was killed is over, and nothing can be run in it; what lives beside it on the node is found by its name.
    if (target !== null && subject.within && !isOuter(facts)) return null
    // Which of the host's processes of that name runs inside the outer container nobody knows from here.
    if (isOuter(facts) && subject.within && lxcOf(facts) === null) return null
    return insideLxc(facts, command.replaceAll('PID', `"$(pgrep -o ${comm})"`))
  }
  return needsShell(within) ? `${inside}sh -c ${shellWord(within)}` : `${inside}${within}`
}

/** What answers on a port is asked by the tools of whoever asks: its image may have neither a shell nor curl. */
function fromOutside(facts: IncidentFacts, port: number, command: string): string | null {
  if (targetOf(facts) !== null) return throughPort(facts, port, command)
  const { podUid = null, containerId = null, runtime = null } = facts.victimCgroup ?? {}
  const pid =
    podUid !== null && isPodUid(podUid)
      ? sandboxPid(podUid)
      : containerId !== null && isContainerId(containerId) && (runtime === 'docker' || runtime === 'podman') && facts.victimCgroup !== null
        ? `"$(${runtimeCli(facts.victimCgroup)} inspect -f '{{.State.Pid}}' ${containerId.slice(0, 12)})"`
        : null
  return pid === null ? null : `nsenter -t ${pid} -n sh -c ${shellWord(command)}  # on the node, as root`
}

/** A pod of which only the UID is known: its present container on the node, whose id is another after the kill. */
function insideByUid(uid: string, command: string): string {
  const inside = `crictl exec "$(crictl ps -q --label io.kubernetes.pod.uid=${uid} | head -1)" `
  return `${inside}${needsShell(command) ? `sh -c ${shellWord(command)}` : command}  # on the node`
}

/** A plain container keeps its id over restarts. Nomad runs a command in a task by the names of allocation and task; the containers of an ECS instance are docker's. */
function dockerInside(facts: IncidentFacts, subject: Subject): string | null {
  const identity = facts.victimCgroup
  if (!subject.within || isOuter(facts) || identity?.podUid != null || identity?.containerId == null) return null
  const [kind, of = ''] = workloadOf(facts)?.owner?.split('/') ?? []
  if (kind === 'NomadAllocation') return `nomad alloc exec -task ${shellWord(identity.containerId)} ${shellWord(of)} `
  if (kind !== 'EcsTask' && identity.runtime !== 'docker' && identity.runtime !== 'podman') return null
  return isContainerId(identity.containerId) ? `${runtimeCli(identity)} exec ${identity.containerId.slice(0, 12)} ` : null
}
