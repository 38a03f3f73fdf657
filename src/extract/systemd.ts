import type { UnitEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { bytesOfSize } from '../units/bytes.ts'
import { baseOf, numberOf } from './event-base.ts'
import { type LineShape, lineExtractor, readShapes } from './line-extractor.ts'
import { mayBeBy } from './speaker.ts'

type Groups = Readonly<Record<string, string | undefined>>
type Parts = Partial<Pick<UnitEvent, 'result' | 'memoryPeakBytes' | 'restartCounter' | 'pid'>>

/** `X.service: ` at the head of a message; names may hold `\x2d`, `@`, `:`. */
const unit = String.raw`^(?<unit>\S+\.(?:service|scope|slice|socket|mount|swap)): `
const shape = (rest: string): RegExp => new RegExp(unit + rest)

function unitEvent(what: UnitEvent['what'], partsOf: (groups: Groups) => Parts | null = () => ({})): LineShape['read'] {
  return (groups, record): UnitEvent | null => {
    const name = groups['unit'] ?? record.fields['UNIT'] ?? record.fields['USER_UNIT']
    const parts = partsOf(groups)
    if (name === undefined || parts === null) return null
    return {
      ...baseOf(record),
      kind: 'unit',
      what,
      unit: name,
      result: null,
      memoryPeakBytes: null,
      restartCounter: null,
      pid: null,
      ...parts,
    }
  }
}

const shapes: readonly LineShape[] = [
  // v243 to about v257; said for container scopes and for every slice above as well.
  {
    literal: 'killed by the OOM killer',
    shape: shape('A process of this unit has been killed by the OOM killer'),
    read: unitEvent('oom-killed'),
  },
  // v258 and later
  { literal: 'kernel OOM killer killed', shape: shape('The kernel OOM killer killed'), read: unitEvent('oom-killed') },
  // v247 and later: `killed 19 process(es)`, `killed some process(es)`. The kernel killed nothing.
  {
    literal: 'systemd-oomd killed',
    shape: shape(String.raw`systemd-oomd killed (?<count>\d+|some) process`),
    read: unitEvent('oomd-killed'),
  },
  {
    // `code=killed, status=9/KILL`, `code=exited, status=137/n/a`, `code=dumped, status=6/ABRT`
    literal: 'Main process exited',
    shape: shape(String.raw`Main process exited, code=(?<code>\w+), status=(?<status>\d+)`),
    read: unitEvent('main-exited', ({ code, status }) => ({ result: `${code}/${status}` })),
  },
  {
    // v219 and before (RHEL 7): `X.service: main process exited, code=killed, status=9/KILL`
    literal: 'main process exited, code=',
    shape: shape(String.raw`main process exited, code=(?<code>\w+), status=(?<status>\d+)`),
    read: unitEvent('main-exited', ({ code, status }) => ({ result: `${code}/${status}` })),
  },
  // … and its failure without a result: `Unit X.service entered failed state.`; later versions print `Failed with result` beside it.
  { literal: 'entered failed state', shape: /^Unit (?<unit>\S+) entered failed state/, read: unitEvent('failed') },
  {
    // Upstart (Ubuntu 14.04 and before): `web main process (1234) killed by KILL signal`
    literal: 'killed by KILL signal',
    shape: /^(?<unit>[\w.-]+) main process \((?<pid>\d+)\) killed by KILL signal/,
    read: unitEvent('main-exited', ({ pid }) => ({ result: 'killed/9', pid: numberOf(pid) })),
  },
  {
    literal: 'main process ended, respawning',
    shape: /^(?<unit>[\w.-]+) main process ended, respawning/,
    read: unitEvent('restart-scheduled'),
  },
  {
    // `'oom-kill'` since v243, `'signal'` before
    literal: 'Failed with result',
    shape: shape(String.raw`Failed with result '(?<result>[\w-]+)'`),
    read: unitEvent('failed', ({ result }) => ({ result: result ?? null })),
  },
  {
    // v236 and later with a counter
    literal: 'Scheduled restart job',
    shape: shape(String.raw`Scheduled restart job(?:, restart counter is at (?<counter>\d+))?`),
    read: unitEvent('restart-scheduled', ({ counter }) => ({ restartCounter: numberOf(counter) })),
  },
  {
    // `X: Service hold-off time over, scheduling restart.`, `X: Service RestartSec=100ms expired, scheduling restart.`; v219 `X holdoff time over, …`
    literal: 'scheduling restart',
    shape: /^(?<unit>\S+\.service):? .*, scheduling restart/,
    read: unitEvent('restart-scheduled'),
  },
  {
    // `Consumed 25.690s CPU time over 1min 23.032s wall clock time, 36.1G memory peak, 10.6G memory swap peak.`; the memory part since about v255
    literal: 'memory peak',
    shape: shape(String.raw`Consumed .*?(?<peak>[\d.]{1,20}[BKMGTPE]) memory peak`),
    read: unitEvent('consumed', ({ peak }) => ({ memoryPeakBytes: bytesOfSize(peak ?? '') })),
  },
  {
    // `Stopping timed out. Killing.`, `State 'stop-sigterm' timed out. Killing.`
    literal: 'timed out. Killing',
    shape: shape(String.raw`.*timed out\. Killing`),
    read: unitEvent('stop-timeout'),
  },
  {
    // `Killing process 2234090 (zsh) with signal SIGKILL.`: what OOMPolicy=stop takes along, or a stop that timed out.
    literal: 'with signal SIGKILL',
    shape: shape(String.raw`Killing process (?<pid>\d+) \((?<comm>.*)\) with signal SIGKILL`),
    read: unitEvent('process-killed', ({ pid, comm }) => ({ pid: numberOf(pid), result: `SIGKILL ${comm}` })),
  },
  {
    // v249 and later name the unit: `Started kubelet.service - kubelet: The Kubernetes Node Agent.`
    literal: ' - ',
    shape: /^Started (?<unit>\S+\.(?:service|scope)) - /,
    read: unitEvent('started'),
  },
  { literal: ' - ', shape: /^Stopped (?<unit>\S+\.(?:service|scope)) - /, read: unitEvent('stopped') },
]

function read(record: LogRecord): UnitEvent | null {
  return mayBeBy(record, 'systemd') ? (readShapes(shapes, record.message, record) as UnitEvent | null) : null
}

/** systemd's words about units, container scopes included: their names carry the container's id (kubernetes-oom §6.2). */
export const systemd = lineExtractor(
  'systemd',
  [...new Set(shapes.map(({ literal }) => literal))].filter((literal) => literal !== ' - ').concat(['.service - ', '.scope - ']),
  read,
  // How a unit's main process ended may be all that tells whose an end was (`timeline/own-ends.ts`): those lines matter by their time.
  { literals: ['Scheduled restart job', 'scheduling restart', 'memory peak', '.service - ', '.scope - '] },
)
