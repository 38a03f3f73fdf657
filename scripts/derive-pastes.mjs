// What mail, tickets, pages, terminals and searches make of a log.
const joined = (rows) => `${rows.join('\n')}\n`
const html = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

function chunks(text, width) {
  const parts = []
  for (let at = 0; at < text.length; at += width) parts.push(text.slice(at, at + width))
  return parts.length === 0 ? [''] : parts
}

function quotedPrintable(line) {
  const escaped = line.replaceAll('=', '=3D')
  const parts = []
  let rest = escaped
  while (rest.length > 76) {
    let cut = 75
    while (/=[0-9A-F]?$/.test(rest.slice(0, cut))) cut -= 1
    parts.push(`${rest.slice(0, cut)}=`)
    rest = rest.slice(cut)
  }
  return [...parts, rest]
}

function mailWrapped(line) {
  const parts = []
  let rest = line
  while (rest.length > 76) {
    const blank = rest.lastIndexOf(' ', 76)
    if (blank < 20) break
    parts.push(rest.slice(0, blank))
    rest = rest.slice(blank + 1)
  }
  return [...parts, rest]
}

export function pasteSamples({ dmesg }) {
  return {
    'dmesg/mail-quoted.txt': joined(['On Tuesday the node did this again:', '', ...dmesg.map((line) => `> ${line}`), '', 'Any idea?']),
    'dmesg/quoted-printable.txt': joined(dmesg.flatMap(quotedPrintable)),
    'dmesg/html-entities.txt': joined(['<pre>', ...dmesg.map(html), '</pre>']),
    'dmesg/grep-n.txt': joined(dmesg.map((line, index) => `${index + 1}:${line}`)),
    'dmesg/grep-context.txt': joined([...dmesg.map((line, index) => `/var/log/kern.log-${index + 41}-${line}`), '--']),
    'dmesg/markdown-fence.txt': joined(['The node log:', '```', ...dmesg, '```', 'Thanks']),
    'dmesg/indented.txt': joined(dmesg.map((line) => `\t${line}`)),
    'dmesg/minikube-bullets.txt': joined(['* ==> dmesg <==', ...dmesg.map((line) => `* ${line}`)]),
    'dmesg/terminal-wrapped-80.txt': joined(dmesg.flatMap((line) => chunks(line, 80))),
    'dmesg/mail-wrapped-76.txt': joined(dmesg.flatMap(mailWrapped)),
    'dmesg/page-with-br.txt': joined(['<div class="post">It dies:<br/>', ...dmesg.map((line) => `${html(line)}<br />`), '</div>']),
    'learned/stern.txt': joined(dmesg.map((line) => `node-logger-x2x9z dmesg ${line}`)),
    'learned/spreadsheet.txt': joined([
      'Zeit;Rechner;Meldung',
      ...dmesg.map((line) => `24.11.2026 07:44:20;ip-10-0-3-17;${/[";]/.test(line) ? `"${line.replaceAll('"', '""')}"` : line}`),
    ]),
    'dmesg/json-strings.txt': joined([
      'ok: [ip-10-0-3-17] => {',
      '    "dmesg.stdout_lines": [',
      ...dmesg.map((line) => `        ${JSON.stringify(line)},`),
      '    ]',
      '}',
    ]),
    'dmesg/colours.txt': joined(dmesg.map((line) => line.replace(/^(\[ *[\d.]+\] )(.*)$/, '\x1b[32m$1\x1b[0m\x1b[33m$2\x1b[0m'))),
  }
}
