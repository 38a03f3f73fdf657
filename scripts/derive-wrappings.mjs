// Wrappings of kernel, kubelet and containerd lines that no machine of the corpus wrote.
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const pad = (value, width, fill = '0') => String(value).padStart(width, fill)
const joined = (lines) => `${lines.join('\n')}\n`
export const uptime = (us) => `[${pad(Math.floor(us / 1e6), 5, ' ')}.${pad(us % 1e6, 6)}]`
export const iso = (us, digits = 6) =>
  `${new Date(Math.floor(us / 1000)).toISOString().slice(0, 19)}.${pad(us % 1e6, 6)
    .slice(0, digits)
    .padEnd(digits, '0')}`
export const classic = (us, year = '') => {
  const date = new Date(us / 1000)
  return `${months[date.getUTCMonth()]} ${pad(date.getUTCDate(), 2, ' ')}${year} ${date.toISOString().slice(11, 19)}`
}

export function wrappingSamples({ entries, kubelet, containerd }) {
  const lines = entries.flatMap((entry) => entry.text.split('\n').map((text) => ({ ...entry, text })))
  const kernel = (front) => joined(lines.map((entry, index) => front(entry, index) + entry.text))
  const stamp = (us) => iso(us)
  return {
    'dmesg/caller-on-console.txt': kernel(({ uptimeUs }) => `${uptime(uptimeUs)}[${pad('T483', 6, ' ')}] `),
    'dmesg/caller-in-dmesg.txt': kernel(({ uptimeUs }, index) => `${uptime(uptimeUs)} [${pad(index % 7 === 3 ? 'C0' : 'T483', 8, ' ')}] `),
    'dmesg-raw/huawei.txt': kernel(
      ({ uptimeUs, severity }) => `<${severity}>${uptime(uptimeUs).replace(/\[ */, '[').replace(']', 's]')}[pid:483,cpu1,thumbnailer]`,
    ),
    'dmesg-raw/samsung.txt': kernel(({ uptimeUs, severity }) => `<${severity}>${uptime(uptimeUs)} I[1:    thumbnailer:  483] `),
    'dmesg-raw/mediatek.txt': kernel(({ uptimeUs, severity }) => `<${severity}>${uptime(uptimeUs)} (1)[483:thumbnailer]`),
    'dmesg-ctime/german.txt': kernel(({ wallUs }) => `[Di Nov 24 ${iso(wallUs).slice(11, 19)} 2026] `),
    'dmesg-ctime/chinese.txt': kernel(({ wallUs }) => `[二 11月 24 ${iso(wallUs).slice(11, 19)} 2026] `),
    'dmesg-ctime/japanese.txt': kernel(({ wallUs }) => `[火 11月 24 ${iso(wallUs).slice(11, 19)} 2026] `),
    'dmesg-ctime/crash-log-t.txt': kernel(({ wallUs }) => `[Tue Nov 24 ${iso(wallUs).slice(11, 19)} UTC 2026] `),
    'dmesg/blanks-collapsed.txt': kernel(({ uptimeUs }) => `${uptime(uptimeUs).replace(/ +/, '')}[T483] `),
    'dmesg-delta/no-time.txt': kernel(() => '[<    0.000004>] '),
    'dmesg-decode/no-stamp.txt': kernel(
      ({ severity }) => `kern  :${['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'][severity].padEnd(6)}: `,
    ),
    'syslog-rfc3164/with-priority.log': kernel(
      ({ wallUs, uptimeUs, severity, host }) => `<${severity}>${classic(wallUs)} ${host} kernel: ${uptime(uptimeUs)} `,
    ),
    'syslog-rfc3164/busybox.log': kernel(
      ({ wallUs, uptimeUs, host }) => `${classic(wallUs)} ${host} kern.warn kernel: ${uptime(uptimeUs)} `,
    ),
    'syslog-rfc3164/with-year.log': kernel(
      ({ wallUs, uptimeUs, host }) => `${classic(wallUs, ' 2026')} ${host} kernel: ${uptime(uptimeUs)} `,
    ),
    'syslog-rfc3164/pid-and-no-blank.log': kernel(
      ({ wallUs, uptimeUs, host }, index) => `${classic(wallUs)} ${host} kernel${index % 2 ? '[0]: ' : ':'}${uptime(uptimeUs)} `,
    ),
    'syslog-rfc3164/octal-escapes.log': joined(
      entries.map(
        ({ wallUs, host, text }) => `${classic(wallUs)} ${host} kernel: ${text.replaceAll('\n', '#012').replaceAll('\t', '#011')}`,
      ),
    ),
    'syslog-rfc3164/logread-openwrt.log': kernel(
      ({ wallUs, uptimeUs }) => `Tue ${classic(wallUs)} 2026 kern.warn kernel: ${uptime(uptimeUs)} `,
    ),
    'syslog-rfc3164/metalog.log': kernel(({ wallUs, uptimeUs }) => `${classic(wallUs)} [kernel] ${uptime(uptimeUs)} `),
    'syslog-rfc3164/terminal-wrapped-80.log': joined(
      lines.flatMap(
        ({ wallUs, uptimeUs, host, text }) => `${classic(wallUs)} ${host} kernel: ${uptime(uptimeUs)} ${text}`.match(/.{1,80}/gs) ?? [],
      ),
    ),
    'syslog-rfc3339/photon-no-priority.log': kernel(
      ({ wallUs, uptimeUs, host }) => `${stamp(wallUs)}Z ${host} kernel - - -  ${uptime(uptimeUs)} `,
    ),
    'syslog-rfc3339/blank-for-t.log': kernel(
      ({ wallUs, uptimeUs, host }) => `${iso(wallUs).slice(0, 19).replace('T', ' ')} ${host} kernel: ${uptime(uptimeUs)} `,
    ),
    'stamped-text/aws-logs-tail.txt': kernel(
      ({ wallUs, uptimeUs, host }) => `${stamp(wallUs)}+00:00 i-0a1b2c3d4e5f60718 ${classic(wallUs)} ${host} kernel: ${uptime(uptimeUs)} `,
    ),
    'stamped-text/fluentd-out-file.txt': joined(
      lines.map(
        ({ wallUs, uptimeUs, host, text }) =>
          `${iso(wallUs).slice(0, 19)}+00:00\tsystem.kernel\t${JSON.stringify({ host, ident: 'kernel', message: `${uptime(uptimeUs)} ${text}` })}`,
      ),
    ),
    'docker-json/kmsg-inside.log': joined(
      lines.map(({ wallUs, uptimeUs, severity, text }, index) =>
        JSON.stringify({
          log: `${severity},${400 + index},${uptimeUs},-;${text}\n`,
          stream: 'stdout',
          attrs: { 'io.kubernetes.container.name': 'node-problem-detector', 'io.kubernetes.pod.name': 'node-problem-detector-x7k2p' },
          time: `${stamp(wallUs)}123Z`,
        }),
      ),
    ),
    'docker-json/name-kernel-text-of-an-app.log': joined(
      lines.map(({ wallUs, uptimeUs, severity, text }, index) =>
        JSON.stringify({ log: `${severity},${400 + index},${uptimeUs},-;${text}\n`, stream: 'stdout', time: `${stamp(wallUs)}123Z` }),
      ),
    ),
    'command-output/get-console-output.json': `${JSON.stringify(
      {
        InstanceId: 'i-0a1b2c3d4e5f60718',
        Output: lines.map(({ uptimeUs, text }) => `${uptime(uptimeUs)} ${text}\r\n`).join(''),
        Timestamp: '2026-11-24T08:00:00.000Z',
      },
      null,
      4,
    )}\n`,
    'command-output/ansible.json': `${JSON.stringify({
      changed: true,
      cmd: ['dmesg', '-T'],
      rc: 0,
      stdout: lines.map(({ wallUs, text }) => `[Tue Nov 24 ${iso(wallUs).slice(11, 19)} 2026] ${text}`).join('\n'),
    })}\n`,
    'syslog-rfc5424/kernel.log': kernel(
      ({ wallUs, uptimeUs, severity, host }) => `<${severity}>1 ${stamp(wallUs)}+00:00 ${host} kernel - - - ${uptime(uptimeUs)} `,
    ),
    'syslog-rfc5424/structured-data.log': kernel(
      ({ wallUs, severity, host }) =>
        `<${severity}>1 ${stamp(wallUs)}Z ${host} kernel - - [timeQuality tzKnown="1" isSynced="1"][x@1 a="b\\]c"] `,
    ),
    'hypervisor/vmware.log': joined([
      `${iso(lines[0].wallUs, 3)}Z In(05) vmx - Guest: toolbox: Tools daemon started`,
      ...lines.map(
        ({ wallUs, uptimeUs, severity, text }) => `${iso(wallUs, 3)}Z In(05) vcpu-1 - Guest: <${severity}>${uptime(uptimeUs)} ${text}`,
      ),
    ]),
    'talos/talosctl-dmesg.txt': kernel(
      ({ wallUs, severity }) =>
        `172.20.0.2: kern: ${(severity === 4 ? 'warning' : severity === 3 ? 'err' : 'info').padStart(7)}: [${iso(wallUs)}Z]: `,
    ),
    'logcat/kernel.txt': joined([
      '--------- beginning of kernel',
      ...lines.map(({ wallUs, text }) => `${iso(wallUs, 3).slice(5).replace('T', ' ')}     0     0 W         : ${text}`),
    ]),
    'kmsg/netconsole-extended.txt': joined(
      entries.map(
        ({ uptimeUs, severity, text }, index) =>
          `6.12.117,${severity},${1200 + index},${uptimeUs},-,caller=T483;${text.replaceAll('\\', '\\x5c').replaceAll('\n', '\\x0a')}`,
      ),
    ),
    'pstore/parts-newest-first.txt': pstore(lines),
    'node-logs/oc-adm-node-logs.txt': kernel(
      ({ wallUs, host }) => `${host}.example.com ${classic(wallUs)}.${pad(wallUs % 1e6, 6)} ${host} kernel: `,
    ),
    'stamped-text/kubectl-logs-timestamps.txt': kernel(({ wallUs, uptimeUs }) => `${iso(wallUs)}123Z ${uptime(uptimeUs)} `),
    'stamped-text/kubectl-logs-prefix.txt': kernel(
      ({ wallUs, uptimeUs }) => `[pod/dmesg-x2x9z/tail] ${iso(wallUs)}123Z ${uptime(uptimeUs)} `,
    ),
    'stamped-text/cloudwatch-s3.txt': kernel(({ wallUs, uptimeUs }) => `${iso(wallUs, 3)}Z ${uptime(uptimeUs)} `),
    'stamped-text/logcli.txt': kernel(
      ({ wallUs, uptimeUs, host }) => `${iso(wallUs, 3)}Z {host="${host}", job="kernel"} ${uptime(uptimeUs)} `,
    ),
    'syslog-rfc3164/journalctl-reverse.txt': joined(
      [...lines.filter(({ text }) => !text.includes('\n'))]
        .map(({ wallUs, host, text }) => `${classic(wallUs)}.${pad(wallUs % 1e6, 6)} ${host} kernel: ${text}`)
        .reverse(),
    ),
    'klog/kubelet.log': joined([
      ...kubelet,
      'E1124 01:59:33.000001    1248 kubelet.go:2345] "Failed" err=<',
      '\tfirst line',
      '\tsecond line',
      ' > pod="shop/cart"',
      'I1124 01:59:34.000002    1248 kubelet.go:2346] "After"',
    ]),
    'cri/kubelet-in-container.log': joined(
      kubelet.flatMap((text, index) => {
        const front = `2026-11-24T06:59:${pad(index % 60, 2)}.123456789Z stderr`
        return index % 5 === 4 ? [`${front} P ${text.slice(0, 40)}`, `${front} F ${text.slice(40)}`] : [`${front} F ${text}`]
      }),
    ),
    'docker-json/kubelet-in-container.log': joined(
      kubelet.map((text, index) =>
        JSON.stringify({ log: `${text}\n`, stream: 'stderr', time: `2026-11-24T06:59:${pad(index % 60, 2)}.123456789Z` }),
      ),
    ),
    'docker-json/cri-inside.log': joined(
      kubelet.map((text, index) =>
        JSON.stringify({
          log: `2026-11-24T06:59:${pad(index % 60, 2)}.123456789Z stderr F ${text}\n`,
          stream: 'stdout',
          time: `2026-11-24T07:00:${pad(index % 60, 2)}.1Z`,
        }),
      ),
    ),
    'klog-json/kubelet.json': joined(kubelet.map(klogJson)),
    'logrus/containerd.log': joined(containerd),
    'logrus-json/containerd.json': joined(
      containerd.map((line) => {
        const [, time, level, msg] = /^time="([^"]+)" level=(\w+) msg="((?:[^"\\]|\\.)*)"/.exec(line) ?? []
        return JSON.stringify({ level, msg: JSON.parse(`"${msg}"`), time })
      }),
    ),
    'fluent-stdout/kernel.txt': joined(
      entries.map(
        ({ wallUs, uptimeUs, text, host }, index) =>
          `[${index}] kernel: [[${Math.floor(wallUs / 1e6)}.${pad(wallUs % 1e6, 6)}000, {}], ${JSON.stringify({ message: `${uptime(uptimeUs)} ${text}`, host, date: wallUs / 1e6 })}]`,
      ),
    ),
  }
}

function pstore(lines) {
  const half = Math.ceil(lines.length / 2)
  const text = (part) => part.map(({ uptimeUs, severity, text: own }) => `<${severity}>${uptime(uptimeUs)} ${own}`)
  return joined(['Panic#1 Part1', ...text(lines.slice(half)), 'Panic#1 Part2', ...text(lines.slice(0, half))])
}

/** The header's parts become `ts`, `caller` and `v`, as component-base/logs/json writes them. */
function klogJson(line) {
  const [, time, caller, text] = /^\w\d{4} (\S+) +\d+ (\S+)\] (.*)$/.exec(line)
  const message = /^"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text
  return JSON.stringify({
    ts: Date.parse(`2026-11-24T${time.slice(0, 12)}-05:00`) + Number(time.slice(12)) / 1000,
    caller,
    msg: message,
    v: 0,
  })
}
