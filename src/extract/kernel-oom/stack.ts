import { shared, sharedOrNull } from '../../text/shared.ts'
import type { Item } from './item.ts'
import { fitsComm, type Shape } from './shape.ts'

const head = /^(?:CPU: \d+ )?(?:UID: (?<uid>-?\d+) )?[Pp][Ii][Dd]: (?<pid>\d+),? [Cc]omm: (?<rest>.*)$/s
// FLAGS hold blanks and dashes (`G           OE  ------------ T`): the release is the token before ` #build`.
const taint = /^(?<comm>.*?)(?: Kdump: loaded)? (?:Not tainted|Tainted: )(?<tail>.*)$/s
const release = /(?:^|[\s(])(?<release>[^\s(]{1,200}) #\S/
// `[<ffffffff817199c4>] ? dump_stack+0x45/0x56 [ext4]`, ` ? xas_load+0x5/0x70`
const frame = /^\s*(?:\[<[0-9a-f]{8,16}>\]\s*)?(\? )?([A-Za-z_.$][\w.$]*)\+0x[0-9a-f]+\/0x[0-9a-f]+(?:\s|$|\()/
// 32-bit ARM up to 5.17: `[<c010f3e4>] (dump_header) from [<c0201e1c>] (oom_kill_process+0x88/0x4c8)`; later ` oom_kill_process from out_of_memory+0x218/0x34c`
const armFrame =
  /^\s*(?:\[<[0-9a-f]{8}>\] \(([A-Za-z_.$][\w.$]*)(?:\+0x[0-9a-f]+\/0x[0-9a-f]+)?\) from \[<[0-9a-f]{8}>\]|([A-Za-z_.$][\w.$]*) from [A-Za-z_.$][\w.$]*\+0x[0-9a-f]+\/0x[0-9a-f]+)/
const words = /^\s*[0-9a-f]{8,16}(?: [0-9a-f]{8,16}){0,7}\s*$/
const register =
  /^\s*(?:RIP|EIP|RSP|ESP|Code|R[A-D]X|E[A-D]X|RBP|EBP|RSI|ESI|R\d\d|CR2|FS|DS|PKRU|ORIG_RAX|pc|lr|sp|x\d\d?|NIP|LR|GPR\d\d|CFAR|Krnl|User|epc|ra|psw|RAX|pstate|Exception stack|Insn|MSR|REGS)\s*[: ]/
const around =
  /^\s*(?:Call Trace:|Call trace:|Backtrace:|Hardware name:|Workqueue:|Sched_ext:|Tainted: \[|Stack:|<\/?(?:TASK|IRQ|NMI|EOE|SOFTIRQ|#DF)>|Modules linked in:|Trace:|\[<[0-9a-f]{8,16}>\])/

/** ` oom_kill_process+0x1ce/0x330`: a function of the stack; one with `?` may be left over from an older call, and is not named. */
function readFrame(text: string): Item | null {
  const found = frame.exec(text)
  if (found !== null) return { kind: 'stack', frame: found[1] === undefined ? shared(found[2] as string) : null, starts: false }
  const arm = text.includes(' from ') ? armFrame.exec(text) : null
  const name = arm?.[1] ?? arm?.[2]
  return name === undefined ? null : { kind: 'stack', frame: shared(name), starts: false }
}

/** The stack of the allocating task. Its frames tell which path asked for memory; its head gives the thread id and the release. */
export const stackShapes: readonly Shape[] = [
  {
    id: 'stack-head',
    example: 'CPU: 1 UID: 65534 PID: 406 Comm: node Not tainted 7.2.13+deb14-cloud-amd64 #1 PREEMPT(lazy)  Debian 7.2.13-1 ',
    source:
      'lib/dump_stack.c dump_stack_print_info, 3.10 and later; up to 3.9 arch dump_stack: `Pid: N, comm: COMM Not tainted RELEASE #BUILD`',
    first: 'CPUp',
    read(text) {
      const found = head.exec(text)?.groups
      if (found?.pid === undefined) return null
      const rest = found.rest ?? ''
      const parts = taint.exec(rest)?.groups
      const comm = parts?.comm ?? rest
      if (!fitsComm(comm)) return null
      return {
        kind: 'stack-head',
        pid: Number(found.pid),
        comm,
        release: sharedOrNull(release.exec(parts?.tail ?? '')?.groups?.release),
        hasUid: found.uid !== undefined,
        complete: parts !== undefined,
      }
    },
  },
  {
    id: 'stack',
    example: ' [<ffffffff8115196e>] oom_kill_process+0x1ce/0x330',
    source: 'arch show_stack, show_regs',
    read(text) {
      const named = readFrame(text)
      if (named !== null) return named
      if (around.test(text)) return { kind: 'stack', frame: null, starts: /^\s*(?:Call [Tt]race|Backtrace):/.test(text) }
      return words.test(text) || register.test(text) ? { kind: 'stack', frame: null, starts: false } : null
    },
  },
]
