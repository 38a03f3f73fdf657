// Writes a node's mixed log of any size from a seed: /var/log/messages of a Kubernetes node over about a week, with real kernel reports
// (bench/reports, from the lab's kern.log files) put in at even distances under the log's own clock.
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { about, openLives } from './lives.mjs'

const folder = fileURLToPath(new URL('reports/', import.meta.url))
export const BOOT_US = Date.UTC(2026, 10, 17, 3, 12, 7) * 1000
const SPAN_US = 7 * 86_400 * 1e6
const HOST = 'worker-17'

/** A small generator of numbers in [0, 1): mulberry32. */
export function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Lines of a report: the time since its first line in µs, and the message without its bracket stamp. */
export function reports() {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort()
    .map((name) => {
      const lines = readFileSync(`${folder}${name}`, 'latin1').split('\n')
      let first = null
      return lines.flatMap((line) => {
        const found = /^\S+ \S+ kernel: \[ *(\d+)\.(\d+)\] (.*)$/.exec(line)
        if (found === null) return line.includes(' kernel: ') ? [{ afterUs: 0, text: line.slice(line.indexOf(' kernel: ') + 9) }] : []
        const us = Number(found[1]) * 1e6 + Number(found[2])
        first ??= us
        return [{ afterUs: us - first, text: found[3] }]
      })
    })
}

function hex(random, digits) {
  let text = ''
  while (text.length < digits)
    text += Math.floor(random() * 4294967296)
      .toString(16)
      .padStart(8, '0')
  return text.slice(0, digits)
}
const pick = (random, list) => list[Math.floor(random() * list.length)]

/** Ordinary lines by weight. `room`, `lobby`, `bloom`, `zoom`, `kill` and `memory` stand in many: no pre-check may fall for them. */
const speakers = [
  [
    26,
    (r, t) =>
      `app-gateway[2114]: {"level":"info","ts":"${t.slice(0, 23)}Z","msg":"request","method":"GET","path":"/lobby/room/${Math.floor(r() * 1e6)}","status":200,"bytes":${Math.floor(r() * 90000)},"durationMs":${(r() * 80).toFixed(3)},"trace":"${hex(r, 32)}"}`,
  ],
  [
    12,
    (r) =>
      `app-chat[2290]: level=info component=room-service msg="bloom filter consulted" room=${Math.floor(r() * 1e6)} members=${Math.floor(r() * 200)} zoom=${(r() * 3).toFixed(2)}`,
  ],
  [
    14,
    (r, t) =>
      `kubelet[942]: I${t.slice(5, 7)}${t.slice(8, 10)} ${t.slice(11, 26)}     942 operation_generator.go:${600 + Math.floor(r() * 90)}] "MountVolume.SetUp succeeded for volume \\"kube-api-access-${hex(r, 5)}\\" (UniqueName: \\"kubernetes.io/projected/${hex(r, 8)}-${hex(r, 4)}-${hex(r, 4)}-${hex(r, 4)}-${hex(r, 12)}\\") pod \\"room-index-${hex(r, 10)}-${hex(r, 5)}\\"" pod="lobby/room-index-${hex(r, 10)}-${hex(r, 5)}"`,
  ],
  [
    6,
    (r, t) =>
      `kubelet[942]: E${t.slice(5, 7)}${t.slice(8, 10)} ${t.slice(11, 26)}     942 remote_runtime.go:${300 + Math.floor(r() * 90)}] "ExecSync cmd from runtime service failed" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded" containerID="${hex(r, 64)}"`,
  ],
  [
    9,
    (r, t) =>
      `containerd[514]: time="${t.slice(0, 26)}123Z" level=info msg="ImageUpdate event name:\\"registry.local/lobby/broom@sha256:${hex(r, 64)}\\" labels:{key:\\"io.cri-containerd.image\\" value:\\"managed\\"}"`,
  ],
  [
    7,
    (r) =>
      `sshd[${1000 + Math.floor(r() * 60000)}]: Failed password for invalid user groom from 203.0.113.${Math.floor(r() * 250)} port ${1024 + Math.floor(r() * 60000)} ssh2`,
  ],
  [
    4,
    (r) =>
      `sshd[${1000 + Math.floor(r() * 60000)}]: Connection closed by invalid user admin 198.51.100.${Math.floor(r() * 250)} port ${1024 + Math.floor(r() * 60000)} [preauth]`,
  ],
  [
    6,
    (r) =>
      `coredns[3301]: [INFO] 10.244.${Math.floor(r() * 250)}.${Math.floor(r() * 250)}:${1024 + Math.floor(r() * 60000)} - ${Math.floor(r() * 65535)} "A IN boom.lobby.svc.cluster.local. udp 52 false 512" NOERROR qr,aa,rd 102 0.000${Math.floor(r() * 900) + 100}s`,
  ],
  [
    5,
    (r, t) =>
      `app-ledger[2417]: ${t.slice(0, 23).replace('T', ' ')} DEBUG [pool-${Math.floor(r() * 9)}-thread-${Math.floor(r() * 99)}] c.e.ledger.MemoryTable - compacted memory table ${hex(r, 8)} in ${Math.floor(r() * 900)} ms, killed 0 stale cursors, evicted ${Math.floor(r() * 40)} rows`,
  ],
  [
    4,
    (r, _, up) =>
      `kernel: [${up}] [UFW BLOCK] IN=eth0 OUT= MAC=52:54:00:${hex(r, 2)}:${hex(r, 2)}:${hex(r, 2)} SRC=203.0.113.${Math.floor(r() * 250)} DST=192.0.2.7 LEN=40 TOS=0x00 PREC=0x00 TTL=244 ID=${Math.floor(r() * 65535)} PROTO=TCP SPT=${Math.floor(r() * 65535)} DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0`,
  ],
  [3, (r, _, up) => `kernel: [${up}] cni0: port ${Math.floor(r() * 90)}(veth${hex(r, 8)}) entered forwarding state`],
  [
    2,
    (r, _, up, us) =>
      `kernel: [${up}] audit: type=1400 audit(${(us / 1e6).toFixed(3)}:${Math.floor(r() * 1e6)}): apparmor="DENIED" operation="ptrace" profile="cri-containerd.apparmor.d" pid=${Math.floor(r() * 60000)} comm="broom" requested_mask="read"`,
  ],
  [2, (r) => `systemd[1]: run-containerd-io.containerd.runtime.v2.task-k8s.io-${hex(r, 64)}-rootfs.mount: Deactivated successfully.`],
]
const wheel = speakers.flatMap(([weight, line]) => Array.from({ length: weight }, () => line))

/** What a CronJob leaves every ten minutes: ordinary lines that extractors do want. */
function cronJob(r, t) {
  const [pod, id, sandbox] = [`report-2957${Math.floor(r() * 9999)}-${hex(r, 5)}`, hex(r, 64), hex(r, 64)]
  const klog = `kubelet[942]: I${t.slice(5, 7)}${t.slice(8, 10)} ${t.slice(11, 26)}     942`
  return [
    `containerd[514]: time="${t.slice(0, 26)}123Z" level=info msg="CreateContainer within sandbox \\"${sandbox}\\" for &ContainerMetadata{Name:report,Attempt:0,} returns container id \\"${id}\\""`,
    `containerd[514]: time="${t.slice(0, 26)}123Z" level=info msg="StartContainer for \\"${id}\\" returns successfully"`,
    `${klog} kubelet.go:2453] "SyncLoop (PLEG): event for pod" pod="batch/${pod}" event={"ID":"${hex(r, 8)}-${hex(r, 4)}-${hex(r, 4)}-${hex(r, 4)}-${hex(r, 12)}","Type":"ContainerStarted","Data":"${id}"}`,
    `${klog} kubelet.go:2453] "SyncLoop (PLEG): event for pod" pod="batch/${pod}" event={"ID":"${hex(r, 8)}-${hex(r, 4)}-${hex(r, 4)}-${hex(r, 4)}-${hex(r, 12)}","Type":"ContainerDied","Data":"${id}"}`,
  ]
}

let second = -1
let secondText = ''
function stampOf(us) {
  const now = Math.floor(us / 1e6)
  if (now !== second) [second, secondText] = [now, new Date(now * 1000).toISOString().slice(0, 20)]
  return secondText + String(Math.floor(us % 1e6)).padStart(6, '0')
}
const uptimeOf = (us) => ((us - BOOT_US) / 1e6).toFixed(6).padStart(12)

/**
 * The log in pieces of some hundred kilobytes. `count` reports stand in it at even distances; `density` is the share of lines about containers' lives
 * (`null`: a CronJob's only), `inner` the order of the stamps inside them.
 * @param {{ bytes: number, seed: number, count?: number, density?: number | null, inner?: 'orderly' | 'random' }} options
 */
export function* nodeLog({ bytes, seed, count = 30, density = null, inner = 'orderly' }) {
  const random = randomOf(seed)
  const lives = openLives(randomOf(seed + 1), { inner })
  const all = reports()
  let us = BOOT_US + 5e6
  const stepUs = (SPAN_US / bytes) * 240
  let written = 0
  let done = 0
  let tenth = 0
  while (written < bytes) {
    const lines = []
    let size = 0
    const line = (text) => {
      lines.push(text)
      size += text.length + 1
    }
    while (size < 262_144) {
      us += stepUs * (0.5 + random())
      const stamp = stampOf(us)
      const living = density !== null && random() < density
      line(`${stamp}+00:00 ${HOST} ${living ? lives.line(stamp) : pick(random, wheel)(random, stamp, uptimeOf(us), us)}`)
      if (density === null && us / 6e8 - tenth > 1) {
        tenth = us / 6e8
        for (const text of cronJob(random, stamp)) line(`${stamp}+00:00 ${HOST} ${text}`)
      }
    }
    if (written + size > ((done + 0.5) * bytes) / count && done < count) {
      const start = us
      const victim = lives.victim()
      for (const { afterUs, text } of all[done % all.length]) {
        us = start + afterUs + 2000
        line(`${stampOf(us)}+00:00 ${HOST} kernel: [${uptimeOf(start + afterUs)}] ${victim === null ? text : about(victim, text)}`)
      }
      done += 1
    }
    const piece = Buffer.from(`${lines.join('\n')}\n`, 'latin1')
    written += piece.length
    yield piece
  }
}

export function writeNodeLog(path, options) {
  const fd = openSync(path, 'w')
  for (const piece of nodeLog(options)) writeSync(fd, piece)
  closeSync(fd)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, mebibytes = '64', seed = '8', density, inner = 'orderly'] = process.argv.slice(2)
  if (path === undefined)
    process.stderr.write('node bench/generate.mjs FILE [MEBIBYTES] [SEED] [SHARE OF LINES ABOUT LIVES] [orderly|random]\n')
  else
    writeNodeLog(path, {
      bytes: Number(mebibytes) * 1024 * 1024,
      seed: Number(seed),
      density: density === undefined ? null : Number(density),
      inner,
    })
}
