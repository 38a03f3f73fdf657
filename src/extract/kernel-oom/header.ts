import { fitsComm, integerOrNull, type Shape } from './shape.ts'

// The allocating task's name may be empty or hold anything, so the text starts at column 0 and the name is what stands before ` invoked`.
const invoked = /^(?<comm>.*?) ?invoked oom-killer:(?<fields>.*)$/s
const bare = /^oom-killer: (?<fields>gfp_mask=.*)$/s
const gfp = /gfp_mask=(?<mask>0x[0-9a-fA-F]+|\d+)(?:\((?<names>[^)]*)\))?/
const field = (name: string): RegExp => new RegExp(`(?:^|[\\s,])${name}=\\s*(?<value>-?\\d+)`)
const order = field('order')
const scoreAdj = field('oom_score_adj')
const adj = field('(?:oom_adj|oomkilladj)')
// A name of 15 bytes takes 60 characters when every byte is escaped.
const cpuset = /^(?<comm>.{0,64}?) ?cpuset=(?<cpuset>.*) mems_allowed=(?<mems>[\d,-]*)\s*$/s
const nodemask = /nodemask=\s*(?<value>\(null\)|[\d,-]*\d)/

function readFields(comm: string | null, fields: string) {
  const mask = gfp.exec(fields)?.groups
  const names = mask?.names?.trim()
  return {
    kind: 'header',
    comm,
    order: integerOrNull(order.exec(fields)?.groups?.value),
    gfpMask: mask === undefined ? null : names === undefined || names === '' ? (mask.mask ?? null) : names,
    gfpValue: mask?.mask === undefined ? null : Number(mask.mask),
    gfpFlags: names === undefined ? null : names === '' ? [] : names.split('|'),
    nodemask: nodemask.exec(fields)?.groups?.value ?? null,
    oomScoreAdj: integerOrNull(scoreAdj.exec(fields)?.groups?.value),
    oomAdj: integerOrNull(adj.exec(fields)?.groups?.value),
  } as const
}

/** Fields are read by name: their order changed between versions (linux-next of January 2016 put `order` first). */
export const headerShapes: readonly Shape[] = [
  {
    id: 'header',
    example: 'node invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=1000',
    source: 'mm/oom_kill.c dump_header, 2.6.19 and later',
    read(text) {
      const found = text.includes('invoked oom-killer:') ? invoked.exec(text)?.groups : undefined
      if (found === undefined || !fitsComm(found.comm ?? '')) return null
      // The kernel prints a mask, always: without one it is a pattern or a note (`# invoked oom-killer: gfp_mask=`).
      if (/^[^=]*gfp_mask=(?!0x[0-9a-f]|\d+(?![\dx])|[A-Z_])/.test(found.fields ?? '')) return null
      // `# invoked oom-killer: gfp_mask=`: a comment about such lines.
      if (/^(?:#|\/[/*]|;)/.test(found.comm ?? '')) return null
      return readFields(found.comm ?? '', found.fields ?? '')
    },
  },
  {
    id: 'header-without-command',
    example: 'oom-killer: gfp_mask=0x201d2, order=0',
    source: 'mm/oom_kill.c out_of_memory, up to 2.6.18',
    first: ' o',
    read(text) {
      const found = bare.exec(text.trimStart())?.groups
      return found === undefined ? null : readFields(null, found.fields ?? '')
    },
  },
  {
    id: 'cpuset',
    example: 'badsysprogram cpuset=/ mems_allowed=0',
    source: 'kernel/cpuset.c cpuset_print_current_mems_allowed, 2.6.29 to 4.20',
    read(text) {
      const found = text.includes(' mems_allowed=') ? cpuset.exec(text)?.groups : undefined
      if (found === undefined || !fitsComm(found.comm ?? '')) return null
      return { kind: 'cpuset', comm: found.comm ?? '', cpuset: found.cpuset ?? '', memsAllowed: found.mems ?? '' }
    },
  },
  {
    id: 'compaction-off',
    example: 'COMPACTION is disabled!!!',
    source: 'mm/oom_kill.c dump_header without CONFIG_COMPACTION and order > 0',
    first: 'C',
    read: (text) => (text.startsWith('COMPACTION is disabled') ? { kind: 'compaction-off' } : null),
  },
  {
    id: 'sysrq-f',
    example: 'sysrq: SysRq : Manual OOM execution',
    source: 'drivers/tty/sysrq.c sysrq_handle_moom (old: `SysRq : Manual OOM execution`, 5.x: `sysrq: Manual OOM execution`)',
    first: 'MSs',
    read: (text) => (/^(?:sysrq: )?(?:SysRq ?: )?Manual OOM execution/.test(text) ? { kind: 'sysrq' } : null),
  },
  {
    id: 'sysrq-f-ignored',
    example: 'sysrq: OOM request ignored. No task eligible',
    source: 'drivers/tty/sysrq.c moom_callback',
    first: 'Os',
    read: (text) => (/^(?:sysrq: )?OOM request ignored/.test(text) ? { kind: 'sysrq-ignored' } : null),
  },
]
