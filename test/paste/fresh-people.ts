import { all, behind, type Fresh, GUNICORN, gunicorn, MYSQLD, mysqld, POSTGRES, postgres, stamped } from './fresh.ts'

const node = ['node-memory']
const container = ['container-limit', 'pod-limit']

/** What people write to each other: tickets, mails, chats, posts, in several languages. */
export const people: Readonly<Record<string, Fresh>> = {
  Zabbix: { text: `2026.11.24 07:04:29 | db3 | PROBLEM | ${postgres.kill}\n`, is: POSTGRES, limit: node },
  'Nagios by mail': {
    text: `***** Nagios *****\n\nNotification Type: PROBLEM\nService: dmesg-oom\nHost: db3\nState: CRITICAL\n\nDate/Time: Tue Nov 24 07:04:40 CET 2026\n\nAdditional Info:\n\nCRITICAL - 2 lines: [8123.101000] ${postgres.kill}\n`,
    is: POSTGRES,
  },
  WhatsApp: {
    text: `24.11.26, 07:12 - Jan: db is down\n24.11.26, 07:13 - Jan: ${postgres.kill}\n24.11.26, 07:14 - Ana: again??\n`,
    is: POSTGRES,
    limit: node,
  },
  Telegram: {
    text: `Jan, [24.11.2026 07:13]\n${stamped(all(postgres)).join('\n')}\n\nAna, [24.11.2026 07:14]\nlooks like OOM\n`,
    is: POSTGRES,
    limit: node,
  },
  Teams: {
    text: `[Tuesday 07:13] Jan Meier\n\n${stamped(all(gunicorn)).join('\n\n')}\n\n[Tuesday 07:15] Ana\n\nwhich pod is it?\n`,
    is: GUNICORN,
    limit: container,
  },
  'Slack, copied': {
    text: `jan.meier\n  07:13\n${all(gunicorn).join('\n')}\n:eyes: 3\nana  07:14\nwhich pod?\n`,
    is: GUNICORN,
    limit: container,
  },
  Discord: { text: `jan — heute um 07:13 Uhr\n\`\`\`${stamped(all(mysqld)).join('\n')}\`\`\`\n`, is: MYSQLD, limit: node },
  IRC: { text: `07:13 <jan> db gone\n07:13 <jan> ${postgres.kill}\n07:14 <ana> add swap\n`, is: POSTGRES, limit: node },
  'IRC, with a bot’s number': { text: `#101 db3: ${postgres.kill}\n#102 db3: ${postgres.reaper}\n`, is: POSTGRES, limit: node },
  'German quotes': {
    text: `Guten Morgen,\n\nheute früh stand im Log:\n\n„${postgres.kill}“\n\nViele Grüße\nJan\n`,
    is: POSTGRES,
    limit: node,
  },
  'German quotes in a sentence': { text: `Im Log steht „${postgres.kill}“, was bedeutet das?\n`, is: 'said' },
  guillemets: { text: `Bonjour,\n\nle serveur est tombé :\n\n« ${postgres.kill} »\n\nCordialement\n`, is: POSTGRES, limit: node },
  'Japanese brackets': { text: `ログ:\n「${postgres.kill}」\n`, is: POSTGRES, limit: node },
  Russian: { text: `Коллеги, ночью упала база.\nВ dmesg:\n${stamped(all(postgres)).join('\n')}\nЧто делать?\n`, is: POSTGRES, limit: node },
  Chinese: {
    text: `昨晚节点 n7 上的服务被杀掉了，日志如下：\n${behind('11月 24 07:04:29 n7 kernel: ', all(gunicorn))}\n请帮忙看一下。\n`,
    is: GUNICORN,
    limit: container,
  },
  Polish: {
    text: `Cześć, serwer padł dziś rano. Oto log:\n\n${behind('lis 24 07:04:29 db3 kernel: ', all(postgres))}\n\nPozdrawiam\n`,
    is: POSTGRES,
    limit: node,
  },
  Turkish: {
    text: `Merhaba,\nsunucu bu sabah çöktü:\n${behind('Kas 24 07:04:29 db3 kernel: ', all(postgres))}\n`,
    is: POSTGRES,
    limit: node,
  },
  'Portuguese, nothing personal': {
    text: `O servidor de banco parou.\n\n${stamped(all(mysqld)).join('\n')}\n\nKernel 3.10.0-1160.el7.x86_64.\n`,
    is: MYSQLD,
    limit: node,
  },
  'Italian, three sentences and headings': {
    text: `# Segnalazione\n\nIl database si ferma ogni notte.\nLa macchina ha 16 GB.\nIl servizio riparte da solo.\n\n## Log\n\n\`\`\`\n${stamped(all(postgres)).join('\n')}\n\`\`\`\n`,
    is: POSTGRES,
    limit: node,
  },
  'a report in neutral words': {
    text: `### Describe the bug\n\nThe agent gets killed under load.\nMemory grows until the limit.\nThe host has 8 GiB.\n\n### Log output\n\n${gunicorn.kill}\n\n### Version\n\n2.14.1 on Ubuntu.\n`,
    is: GUNICORN,
  },
  'a neutral report with two lines': {
    text: `## Steps to reproduce\n\n1. Start the importer.\n2. Load the large file.\n3. Wait.\n\n## Actual result\n\n${postgres.summary}\n${postgres.kill}\n\n## Expected result\n\nThe import finishes.\n`,
    is: POSTGRES,
    limit: node,
  },
  'a report that says for example': {
    text: `The workers die every few minutes, for example:\n\nNov 24 07:04:29 db3 kernel: ${postgres.kill}\n\nThe machine has 16 GB and no swap.\n`,
    is: POSTGRES,
    limit: node,
  },
  'a tutorial': {
    text: `# How the OOM killer works\n\nWhen memory runs out, the kernel picks a process.\nYou will find a line like this in the log:\n\n\`\`\`\nOut of memory: Killed process 1234 (java) total-vm:9000kB, anon-rss:800kB, file-rss:4kB\n\`\`\`\n\nHere 1234 is the PID.\n`,
    is: 'none',
  },
  'a page of a manual with placeholders': {
    text: `Messages\n========\n\nOut of memory: Killed process <pid> (<comm>) total-vm:<n>kB, anon-rss:<n>kB\n    The kernel ended a process. Add memory.\n`,
    is: 'none',
  },
  'a blog that explains its fields': {
    text: `Understanding dmesg\n-------------------\n\nA kill looks as follows.\n\n    Out of memory: Killed process 4321 (example) total-vm:123456kB, anon-rss:65432kB, file-rss:0kB\n\ntotal-vm is the virtual size, anon-rss is anonymous memory. The number is the process.\n`,
    is: 'none',
  },
  'a runbook': {
    text: `Alert: NodeOOM\n\nMeaning: the kernel killed a process (grep for "Killed process" or "oom-kill:").\nAction: check the pod with reason OOMKilled and raise its limit.\n`,
    is: 'none',
  },
  Word: {
    text: `Guten Tag,\r\n\r\nanbei der Auszug –\u00a0bitte prüfen:\r\n\r\n${stamped(all(postgres)).join('\r\n').replaceAll(' ', '\u00a0').replaceAll('-', '‑')}\r\n`,
    is: POSTGRES,
    limit: node,
    anonRssKb: 15502212,
  },
  'ligatures of a PDF': {
    text: `Appendix B: kernel log\n${stamped(all(postgres)).join('\n').replaceAll('fi', 'ﬁ')}\n3\n`,
    is: POSTGRES,
    limit: node,
  },
  'two columns of a PDF': {
    text: `Nov 24 07:04:29 db3 kernel: Out of memory: Killed       The database was restarted by
process 91733 (postgres) total-vm:18233120kB,           the operator at 07:20. Impact:
anon-rss:15502212kB, file-rss:2044kB                    checkout was down for 16 min.\n`,
    is: 'said',
  },
  'read off a screen': { text: '0ut of mem0ry: Ki1led process 9l733 (postgres) tota1-vm:18233l20kB\n', is: 'said' },
  'read off a screen, brackets': { text: `J 8123.101000J ${postgres.kill.replaceAll('kB', 'k8')}\n`, is: POSTGRES },
  'by phone': { text: 'It said out of memory, killed process 91733, postgres I think.\n', is: 'said' },
  'by phone, no number': { text: 'The console said something about an out of memory kill of postgres.\n', is: 'none' },
  'a bullet of code': {
    text: `What we know:\n\n- at 07:04 db3 paged\n- \`${postgres.kill}\`\n- restarted at 07:06\n`,
    is: POSTGRES,
    limit: node,
  },
  'an org-mode note': {
    text: `* TODO db3 down\n  :LOGBOOK:\n  :END:\n: ${stamped(all(postgres)).join('\n: ')}\n`,
    is: POSTGRES,
    limit: node,
  },
  reST: {
    text: `Problem\n=======\n\nThe server died last night::\n\n    ${stamped(all(postgres)).join('\n    ')}\n\n.. note:: kernel 6.1\n`,
    is: POSTGRES,
    limit: node,
  },
  AsciiDoc: { text: `.dmesg\n[source,text]\n----\n${stamped(all(postgres)).join('\n')}\n----\nSeen on db3.\n`, is: POSTGRES, limit: node },
  Textile: { text: `h2. db3\n\nbc.. ${stamped(all(postgres)).join('\n')}\n\np. restarted\n`, is: POSTGRES, limit: node },
  'two machines under headings': {
    text: `db3:\n\nNov 24 07:04:29 kernel: ${postgres.kill}\n\nweb1:\n\nNov 24 07:11:02 kernel: ${gunicorn.kill}\n`,
    is: [
      [91733, 'postgres'],
      [7321, 'gunicorn'],
    ],
  },
  'names blacked out': {
    text: `Nov 24 07:04:29 ██████ kernel: ${postgres.kill.replace('postgres', '████')}\n`,
    is: [[91733, '████']],
    limit: node,
  },
  'names crossed out': {
    text: `[REDACTED] kernel: ${mysqld.choice.replace('mysqld', 'XXXX')}\n[REDACTED] kernel: ${mysqld.kill.replace('mysqld', 'XXXX')}\n`,
    is: [[2317, null]],
    limit: node,
  },
}
