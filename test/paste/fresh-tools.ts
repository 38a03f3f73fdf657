import { all, behind, type Fresh, GUNICORN, gunicorn, MYSQLD, mysqld, POSTGRES, postgres, stamped } from './fresh.ts'

const node = ['node-memory']
const container = ['container-limit', 'pod-limit']
const dmesg = stamped(all(postgres))
const crlf = dmesg.join('\r\n')
const unknown = [[null, null]] as const
const podman = `[
    {
        "Id": "4e1f7d0c9b8a77665544332211009988776655443322110099887766554433aa",
        "Name": "web",
        "State": {
            "Status": "exited",
            "OOMKilled": true,
            "ExitCode": 137,
            "StartedAt": "2026-11-24T06:00:00.1Z",
            "FinishedAt": "2026-11-24T07:04:29.2Z"
        },
        "HostConfig": { "Memory": 536870912 }
    }
]
`

/** What tools export and print. */
export const tools: Readonly<Record<string, Fresh>> = {
  Zendesk: {
    text: JSON.stringify({
      ticket: {
        id: 991,
        comments: [{ body: `Down again.\n\n${dmesg.join('\n')}\n`, html_body: `<p>Down again.</p><pre>${dmesg.join('<br>')}</pre>` }],
      },
    }),
    is: POSTGRES,
    limit: node,
  },
  'an issue of GitHub': {
    text: JSON.stringify([{ number: 12, title: 'killed', body: `### Log\r\n\r\n\`\`\`\r\n${crlf}\r\n\`\`\`\r\n` }], null, 2),
    is: POSTGRES,
    limit: node,
  },
  'Jira as a table': {
    text: `Key,Summary,Description\nOPS-1,"db3 down","Log:\n{noformat}\n${dmesg.join('\n')}\n{noformat}\n"\n`,
    is: POSTGRES,
    limit: node,
  },
  ServiceNow: {
    text: `<incident><number>INC1</number><work_notes>2026-11-24 07:20:11 - Jan (Work notes)\n${dmesg.join('\n')}\n</work_notes></incident>\n`,
    is: POSTGRES,
    limit: node,
  },
  'Excel, semicolons': { text: `Zeit;Host;Meldung\n24.11.2026 07:04:29;db3;"${postgres.kill}"\n`, is: POSTGRES, limit: node },
  'Loki with labels and a tab': {
    text: `2026-11-24T07:04:29Z\t{"job":"systemd-journal","node":"db3"}\t${postgres.kill}\n`,
    is: POSTGRES,
    limit: node,
  },
  'Loki with labels and blanks': {
    text: behind('2026-11-24T07:04:29.1+01:00 {"node":"db3","transport":"kernel"} ', all(postgres)),
    is: POSTGRES,
    limit: node,
  },
  Graylog: { text: `timestamp,source,message\n"2026-11-24T07:04:29.000Z","db3","kernel: ${postgres.kill}"\n`, is: POSTGRES, limit: node },
  OpenWrt: { text: behind('Tue Nov 24 07:04:29 2026 kern.err kernel: ', dmesg), is: POSTGRES, limit: node },
  Talos: { text: behind('10.5.0.3: kern:    info: [2026-11-24T07:04:29.123456Z]: ', all(gunicorn)), is: GUNICORN, limit: container },
  'oc adm node-logs': { text: behind('worker-3 Nov 24 07:04:29.120021 worker-3 kernel: ', all(gunicorn)), is: GUNICORN, limit: container },
  'journalctl -xe': {
    text: `Nov 24 07:04:29 db3 systemd[1]: postgresql.service: A process of this unit has been killed by the OOM killer.\n░░ Subject: A process of postgresql.service unit has been killed by the OOM killer.\n░░ Defined-By: systemd\nNov 24 07:04:30 db3 systemd[1]: postgresql.service: Failed with result 'oom-kill'.\n`,
    is: unknown,
  },
  'systemctl status': {
    text: `× importer.service - Importer\n     Loaded: loaded (/etc/systemd/system/importer.service; enabled)\n     Active: failed (Result: oom-kill) since Tue 2026-11-24 07:04:30 UTC; 3min ago\n   Main PID: 4711 (code=killed, signal=KILL)\n`,
    is: unknown,
  },
  Proxmox: {
    text: 'Nov 24 07:04:29 pve1 kernel: oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=ns,mems_allowed=0,oom_memcg=/lxc/104,task_memcg=/lxc/104/ns/system.slice/mariadb.service,task=mariadbd,pid=3312,uid=100111\nNov 24 07:04:29 pve1 kernel: Memory cgroup out of memory: Killed process 3312 (mariadbd) total-vm:2411020kB, anon-rss:1020112kB, file-rss:0kB, shmem-rss:0kB, UID:100111 pgtables:2400kB oom_score_adj:0\n',
    is: [[3312, 'mariadbd']],
    limit: ['cgroup-limit', 'container-limit'],
  },
  'uniq -c': { text: `      1 ${postgres.kill}\n      1 ${postgres.reaper}\n`, is: POSTGRES, limit: node },
  'cat -A': { text: dmesg.map((line) => `${line}$`).join('\n'), is: POSTGRES, limit: node },
  'a typed grep and its answer': {
    text: `jan@db3 ~> sudo dmesg | grep -i "killed process 91733"\n${dmesg[1]}\njan@db3 ~>\n`,
    is: POSTGRES,
    limit: node,
    host: 'db3',
  },
  'a typed grep without an answer': { text: `jan@laptop:~$ grep -c 'Killed process' /var/log/messages\n0\njan@laptop:~$\n`, is: 'none' },
  'a count of names': {
    text: `$ dmesg | grep -oP 'Killed process \\d+ \\(\\K[^)]+' | sort | uniq -c\n     12 java\n      3 node\n`,
    is: 'none',
  },
  powerline: {
    text: `➜  ~ kubectl get pods -n shop\nNAME                    READY   STATUS      RESTARTS      AGE\ncart-7c9d5b6f8d-q8x2m   0/1     OOMKilled   3 (40s ago)   5m\n➜  ~ \n`,
    is: unknown,
    workload: { namespace: 'shop', pod: 'cart-7c9d5b6f8d-q8x2m' },
  },
  PowerShell: {
    text: `PS C:\\Users\\jan> kubectl -n shop describe pod cart-7c9d5b6f8d-q8x2m | Select-String -Context 0,4 "Last State"\n\n>     Last State:     Terminated\n        Reason:       OOMKilled\n        Exit Code:    137\n        Started:      Tue, 24 Nov 2026 06:58:01 +0000\n        Finished:     Tue, 24 Nov 2026 07:04:29 +0000\n`,
    is: unknown,
    workload: { namespace: 'shop', pod: 'cart-7c9d5b6f8d-q8x2m' },
  },
  'a description in German': {
    text: 'Container:\n  app:\n    Letzter Zustand:  Beendet\n      Grund:       OOMKilled\n      Exit-Code:   137\n      Gestartet:   Tue, 24 Nov 2026 06:58:01 +0000\n      Beendet:     Tue, 24 Nov 2026 07:04:29 +0000\n',
    is: unknown,
  },
  'a description in Chinese': { text: '上次状态：  已终止\n  原因：    OOMKilled\n  退出代码： 137\n', is: unknown },
  'a dashboard’s card': { text: 'app\nRestarts 4\nLast state\nTerminated (OOMKilled)\nExit code 137\n', is: unknown },
  'a dashboard’s state': { text: 'Container app\nState: Terminated (OOMKilled), exit code 137, 24 Nov 2026 07:04:29\n', is: unknown },
  Rancher: {
    text: 'State\tName\tImage\tReady\tRestarts\tAge\nOOMKilled\tcart-7c9d5b6f8d-q8x2m\tshop/cart:1.4\t0/1\t3\t3 days\n',
    is: unknown,
    workload: { pod: 'cart-7c9d5b6f8d-q8x2m', container: null },
  },
  'podman inspect below its command': { text: `podman inspect web\n${podman}`, is: unknown, limit: container },
  'podman inspect glued to its command': { text: `$ podman inspect web ${podman}`, is: unknown, limit: container },
  'docker compose ps': {
    text: 'NAME        IMAGE     COMMAND    SERVICE   CREATED       STATUS                        PORTS\nshop-web-1  shop/web  "run.sh"   web       2 hours ago   Exited (137) 3 minutes ago    \n',
    is: 'none',
  },
  Nomad: {
    text: 'Recent Events:\nTime                       Type        Description\n2026-11-24T07:04:30+01:00  Restarting  Task restarting in 15.2s\n2026-11-24T07:04:29+01:00  Terminated  Exit Code: 137, Exit Message: "Docker container exited with non-zero exit code: 137", OOM Killed: true\n',
    is: 'said',
  },
  'events as cells': {
    text: `$ kubectl get events -A -o json | jq -r '.items[]|[.lastTimestamp,.involvedObject.name,.reason,.message]|@tsv'\n2026-11-24T07:04:29Z\tn7\tSystemOOM\tSystem OOM encountered, victim process: java, pid: 37600\n`,
    is: [[37600, 'java']],
  },
  'crictl’s state': {
    text: '# crictl inspect 51c7 | jq .status\n{\n  "id": "51c7d0a9",\n  "metadata": { "name": "app" },\n  "state": "CONTAINER_EXITED",\n  "finishedAt": "2026-11-24T07:04:29Z",\n  "exitCode": 137,\n  "reason": "OOMKilled"\n}\n',
    is: unknown,
  },
  Alertmanager: {
    text: '[FIRING:1] KubePodOOM\nLabels:\n - alertname = KubePodOOM\n - namespace = shop\n - pod = cart-7c9d5b6f8d-q8x2m\n - reason = OOMKilled\n',
    is: 'said',
  },
  'Datadog’s words': { text: 'Triggered: Pod shop/cart-7c9d5b6f8d-q8x2m was OOMKilled on n7 (last 5m)\n', is: 'said' },
  'a job of CI': {
    text: '$ npm test\n/bin/sh: line 31:   214 Killed                  npm test\nERROR: Job failed: exit code 137\n',
    is: 'none',
  },
  supervisord: { text: '2026-11-24 07:04:29,123 WARN exited: worker (terminated by SIGKILL; not expected)\n', is: 'nothing' },
  FreeBSD: { text: 'Nov 24 07:04:29 bsd1 kernel: pid 1234 (java), jid 0, uid 0, was killed: out of swap space\n', is: 'none' },
  Windows: {
    text: 'Level Date and Time Source Event ID\r\nWarning 24/11/2026 07:04:29 Resource-Exhaustion-Detector 2004 Windows successfully diagnosed a low virtual memory condition: java.exe (1234) consumed 9000 bytes\r\n',
    is: 'nothing',
  },
  'a program': {
    text: 'package oom\n\nimport "regexp"\n\nvar killed = regexp.MustCompile(`Killed process (\\d+) \\((.+)\\)`)\n\nfunc parse(line string) int {\n\treturn 0 // Killed process 1234 (java)\n}\n',
    is: 'none',
  },
  'a change of a program': {
    text: 'diff --git a/t.py b/t.py\n--- a/t.py\n+++ b/t.py\n@@ -1,2 +1,3 @@\n def test():\n+    assert parse("Out of memory: Killed process 1234 (java) total-vm:9kB") == 1234\n     pass\n',
    is: 'none',
  },
  settings: { text: `[last]\nhost = db3\nerror = "${postgres.kill}"\n`, is: 'said' },
  'YAML with a string': { text: `incident: 12\nhost: db3\nlines:\n  - "${dmesg[0]}"\n  - "${dmesg[1]}"\n`, is: POSTGRES, limit: node },
  'the end is missing': {
    text: 'Nov 24 07:04:29 db3 kernel: Out of memory: Killed process 91733 (postgr',
    is: [[91733, 'postgr']],
    limit: node,
  },
  'the begin is missing': { text: `ut of ${postgres.kill.slice(7)}\n`, is: POSTGRES },
  'old line ends': { text: dmesg.join('\r'), is: POSTGRES, limit: node },
  'digits in groups': {
    text: `${postgres.kill.replace('18233120', '18.233.120').replace('15502212', '15.502.212')}\n`,
    is: POSTGRES,
    limit: node,
  },
  'a wall of text': { text: `Hi all we got paged at 7 and ${all(mysqld).join(' ')} what now\n`, is: 'said' },
  'docker’s old log': {
    text: `Task in /docker/3f2e killed as a result of limit of /docker/3f2e\nmemory: usage 262144kB, limit 262144kB, failcnt 3311\nMemory cgroup out of memory: Kill process 18877 (node) score 1965 or sacrifice child\nKilled process 18877 (node) total-vm:1211020kB, anon-rss:251020kB, file-rss:0kB, shmem-rss:0kB\n`,
    is: [[18877, 'node']],
    limit: ['container-limit', 'cgroup-limit'],
  },
  lmkd: {
    text: "11-24 07:04:29.123   512   512 I lowmemorykiller: Kill 'com.example.app' (20311), uid 10085, oom_score_adj 905 to free 64336kB rss, 0kB swap; reason: low watermark is breached\n",
    is: [[20311, 'com.example.app']],
  },
  'a shell over MySQL 5.7': {
    text: `[root@db1 ~]# tail -3 /var/log/messages\n${behind('Nov 24 07:04:29 db1 kernel: ', all(mysqld))}\nNov 24 07:04:31 db1 systemd: mysqld.service: main process exited, code=killed, status=9/KILL\n[root@db1 ~]# free -m\n              total        used        free\nMem:           7821        7600         120\n`,
    is: MYSQLD,
    limit: node,
    host: 'db1',
  },
  'a link to a search': { text: 'https://www.example.org/search?q=Out+of+memory%3A+Killed+process+1234+%28java%29\n', is: 'said' },
  'a web server’s log': {
    text: '10.0.0.1 - - [24/Nov/2026:07:04:29 +0000] "GET /search?q=Killed%20process%201234%20(java) HTTP/1.1" 200 12\n',
    is: 'said',
  },
  'a pattern': { text: "$ sed -n 's/.*Killed process \\([0-9]*\\) (\\(.*\\)).*/\\1 \\2/p' kern.log\n", is: 'nothing' },
  'reasons in a manual': { text: '## Reasons\n\n- Completed: exit code 0.\n- OOMKilled: exit code 137, the limit was hit.\n', is: 'none' },
  'reasons in a table': { text: '| Reason | Exit code |\n|---|---|\n| OOMKilled | 137 |\n', is: 'none' },
  'an alert': {
    text: '- alert: OOM\n  expr: kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1\n  annotations:\n    summary: "{{ $labels.pod }} was OOMKilled (exit code 137)"\n',
    is: 'none',
  },
  'cells of a portal': { text: 'Last state\tTerminated\nReason\tOOMKilled\nExit code\t137\n', is: unknown },
  'lines of JSON': { text: dmesg.map((msg) => JSON.stringify({ ts: '2026-11-24T07:04:29Z', msg })).join('\n'), is: POSTGRES, limit: node },
  'elements of an export': { text: `<event time="2026-11-24T07:04:29Z"><msg>${postgres.kill}</msg></event>\n`, is: POSTGRES, limit: node },
  'a quotation behind a word': { text: `日志：“${postgres.kill}”\n`, is: POSTGRES, limit: node },
  'a program’s repr': { text: `2026-11-24 07:04:29,120 ERROR agent: dmesg says '${dmesg.join('\\n')}'\n`, is: POSTGRES, limit: node },
}
