/**
 * A tree in the shape of a sosreport, most of it files in which there is nothing to find: `/sys`, `/proc/sys`, cgroups, `/etc`, package lists, outputs of commands.
 * `node bench/make-sosreport.mjs FOLDER FILES MEBIBYTES SEED`. The same seed gives the same bytes.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Shares of the files, and sizes in bytes (from, to) of each kind; logs take what is left of the bytes. */
const KINDS = [
  {
    share: 0.62,
    from: 2,
    to: 24,
    place: (r, n) => `sys/devices/pci0000:00/0000:00:${hex(r(32))}.0/net/eth${r(8)}/queues/tx-${n}/${pick(r, SYS)}`,
    text: number,
  },
  {
    share: 0.14,
    from: 2,
    to: 900,
    place: (r, n) => `sys/fs/cgroup/kubepods.slice/kubepods-pod${hex(n)}.slice/cri-containerd-${hex(n * 7919)}.scope/${pick(r, CGROUP)}`,
    text: cgroup,
  },
  { share: 0.02, from: 2, to: 40, place: (r, n) => `proc/sys/net/ipv4/conf/eth${n}/${pick(r, SYSCTL)}`, text: number },
  { share: 0.1, from: 60, to: 4000, place: (r, n) => `proc/${n + 1}/${pick(r, PROC)}`, text: table },
  { share: 0.07, from: 200, to: 9000, place: (r, n) => `etc/${pick(r, ETC)}.d/${hex(n)}.conf`, text: config },
  { share: 0.05, from: 500, to: 16000, place: (r, n) => `sos_commands/${pick(r, PLUGINS)}/${pick(r, COMMANDS)}_${n}`, text: table },
]
const SYS = [
  'tx_timeout',
  'xps_cpus',
  'traffic_class',
  'tx_maxrate',
  'byte_queue_limits',
  'uevent',
  'numa_node',
  'irq',
  'vendor',
  'modalias',
]
const CGROUP = [
  'memory.current',
  'memory.max',
  'memory.stat',
  'memory.events',
  'cpu.stat',
  'cpuset.cpus',
  'pids.max',
  'io.stat',
  'cgroup.procs',
]
const SYSCTL = ['rp_filter', 'accept_ra', 'forwarding', 'tcp_notsent_lowat', 'mtu', 'arp_ignore']
const PROC = ['status', 'limits', 'cgroup', 'smaps_rollup', 'mountinfo', 'stat', 'environ', 'maps']
const ETC = ['sysconfig', 'yum.repos', 'pki', 'systemd', 'NetworkManager', 'security', 'udev', 'cron']
const PLUGINS = ['networking', 'rpm', 'selinux', 'lvm2', 'filesys', 'kernel', 'process', 'block', 'systemd', 'crio']
const COMMANDS = [
  'ip_-d_address',
  'rpm_-qa',
  'semanage_-l',
  'lvs_-a',
  'mount_-l',
  'lsmod',
  'ps_auxwwwm',
  'lsblk_-f',
  'systemctl_show',
  'ethtool_-S',
]
const WORDS =
  'alpha room broom kernel-headers memory limit process state active enabled none default killed evicted zoom lobby device driver queue 0 1 yes no'.split(
    ' ',
  )

const hex = (n) => (n >>> 0).toString(16).padStart(2, '0')
const pick = (r, list) => list[r(list.length)]

/** xorshift32: small, and the same everywhere. */
function random(seed) {
  let x = seed | 1
  return (below) => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) % below
  }
}

function number(r, size) {
  return `${String(r(4_294_967_295)).padStart(Math.min(size, 18) - 1, String(1 + r(9)))}\n`.slice(-size)
}
function cgroup(r, size) {
  if (size < 24) return number(r, size)
  return grow(size, () => `${pick(r, WORDS)}_${pick(r, WORDS)} ${r(1_000_000_000)}\n`)
}
function config(r, size) {
  return grow(size, () => `# ${pick(r, WORDS)} ${pick(r, WORDS)}\n${pick(r, WORDS)}.${pick(r, WORDS)} = ${pick(r, WORDS)}\n`)
}
function table(r, size) {
  return grow(
    size,
    () => `${pick(r, WORDS).padEnd(20)} ${r(99999)} ${pick(r, WORDS)} ${hex(r(1e9))} /usr/lib64/lib${pick(r, WORDS)}.so.${r(9)}\n`,
  )
}

function grow(size, line) {
  const lines = []
  for (let length = 0; length < size; ) {
    const next = line()
    lines.push(next)
    length += next.length
  }
  return lines.join('')
}

/** What there is to find: one report in dmesg, date and uptime. */
const FOUND = {
  'sos_commands/date/date': 'Sat Feb 12 10:00:00 UTC 2022\n',
  'proc/uptime': '2000.00 900.00\n',
  'etc/hostname': 'node-17\n',
  'sos_commands/kernel/dmesg':
    '[    0.000000] Linux version 5.14.0-284.el9.x86_64 (mock@build) #1 SMP\n' +
    '[ 1538.371000] nginx invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=900\n' +
    '[ 1538.372000] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/kubepods/burstable/pod5ec84d8d-bc74-4547-90f5-8904dba41ecc,task_memcg=/kubepods/burstable/pod5ec84d8d-bc74-4547-90f5-8904dba41ecc/8f1e,task=nginx,pid=5540,uid=0\n' +
    '[ 1538.372079] Memory cgroup out of memory: Killed process 5540 (nginx) total-vm:120000kB, anon-rss:90000kB, file-rss:4kB, shmem-rss:0kB, UID:0 pgtables:200kB oom_score_adj:900\n',
}

const logLine = (r, at) =>
  `Feb 12 ${String(Math.floor(at / 3600) % 24).padStart(2, '0')}:${String(Math.floor(at / 60) % 60).padStart(2, '0')}:${String(at % 60).padStart(2, '0')} node-17 ${pick(r, ['systemd[1]', 'sshd[411]', 'crio[900]', 'NetworkManager[733]'])}: ${pick(r, WORDS)} ${pick(r, WORDS)} ${r(1e6)} ${pick(r, WORDS)} ${hex(r(1e9))}\n`

/** Writes the tree; returns how many files and bytes it has. */
export function makeSosreport(folder, files, mebibytes, seed) {
  const r = random(seed)
  const made = new Set()
  let bytes = 0
  const write = (path, text) => {
    const at = join(folder, path)
    const above = dirname(at)
    if (!made.has(above)) {
      mkdirSync(above, { recursive: true })
      made.add(above)
    }
    writeFileSync(at, text)
    bytes += text.length
  }
  for (const [path, text] of Object.entries(FOUND)) write(path, text)
  const logs = 40
  let count = Object.keys(FOUND).length + logs
  for (const kind of KINDS) {
    const many = Math.floor((files - logs) * kind.share)
    for (let n = 0; n < many && count < files; n += 1, count += 1) write(kind.place(r, n), kind.text(r, kind.from + r(kind.to - kind.from)))
  }
  const each = Math.max(4096, Math.floor((mebibytes * 1024 * 1024 - bytes) / logs))
  for (let n = 0; n < logs; n += 1) {
    let at = 0
    const next = () => {
      at += 7
      return logLine(r, at)
    }
    write(`var/log/${pick(r, ['messages', 'secure', 'cron', 'maillog'])}-${20220101 + n}`, grow(each, next))
  }
  return { files: count, bytes }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder, files = '120000', mebibytes = '200', seed = '7'] = process.argv.slice(2)
  console.log(makeSosreport(folder, Number(files), Number(mebibytes), Number(seed)))
}
