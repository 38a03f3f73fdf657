import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { analyze } from '../../../src/index.ts'
import { actionsOf } from '../../../src/render/view/actions.ts'

const { report } = await analyze([fileURLToPath(new URL('../../../samples/dmesg/container-limit.txt', import.meta.url))])
const [incident] = report.incidents
const shown = (text: string, command: string): readonly string[] | undefined => {
  if (incident === undefined) throw new Error('no incident')
  const [group] = actionsOf({ ...incident, recommendations: [{ when: 'now', text, command, why: 'Why.', kind: 'other' } as never] })
  return group?.items[0]?.command?.block
}

it.each([
  ['Move a pod off the machine.', "kubectl describe nodes | sed -n '/Non/,/Events/p'"],
  ['Allow it more than NUMA node 1.', 'numactl --hardware; numastat -m'],
  ['Give it a limit of its own.', 'cat /proc/800/cgroup'],
  ['Set the maximum of the heap.', "docker exec a1 sh -c 'java -XX:+PrintFlagsFinal -version'"],
  ['Ask for more memory.', 'yarn application -list'],
])('%s is not what %s does: it is said to be the first look', (text, command) =>
  expect(shown(text, command)).toEqual(['# look first:', command]),
)

it.each([
  ['Find out what it needs.', 'systemctl show es.service'],
  ['Move a pod off the machine.', 'kubectl drain node-1'],
  ['Compact memory once by hand.', 'sysctl -w vm.compact_memory=1; cat /proc/buddyinfo'],
  ['Let it write its heap.', 'grep -q signal /proc/1/cmdline && kill -USR2 1'],
])('%s is what %s does', (text, command) => expect(shown(text, command)).toEqual([command]))
