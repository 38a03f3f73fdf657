// The same kernel lines as log services export them.
import { iso, uptime } from './derive-wrappings.mjs'

const joined = (rows) => `${rows.join('\n')}\n`
const cell = (value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
const csv = (header, rows) => joined([header, ...rows].map((row) => row.map((value) => cell(String(value))).join(',')))
const us = (micros) => {
  const date = new Date(micros / 1000)
  const hour = date.getUTCHours()
  const two = (n) => String(n).padStart(2, '0')
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}, ${hour % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}.${String(date.getUTCMilliseconds()).padStart(3, '0')} ${hour < 12 ? 'AM' : 'PM'}`
}

export function exportSamples({ entries, kubelet }) {
  const line = ({ uptimeUs, text }) => `${uptime(uptimeUs)} ${text}`
  const newestFirst = [...entries].reverse()
  const gcp = (entry, index) => ({
    insertId: `k${String(100000 - index).padStart(8, '0')}`,
    jsonPayload: {
      MESSAGE: entry.text,
      PRIORITY: String(entry.severity),
      SYSLOG_FACILITY: '0',
      SYSLOG_IDENTIFIER: 'kernel',
      _HOSTNAME: entry.host,
      _SOURCE_MONOTONIC_TIMESTAMP: String(entry.uptimeUs),
      _TRANSPORT: 'kernel',
    },
    logName: 'projects/example/logs/kernel',
    receiveTimestamp: `${iso(entry.wallUs + 1_000_000)}000Z`,
    resource: { labels: { cluster_name: 'c1', node_name: entry.host }, type: 'k8s_node' },
    timestamp: `${iso(entry.wallUs)}000Z`,
  })
  return {
    'gcp-logging/gcloud-read-newest-first.json': `${JSON.stringify(newestFirst.map(gcp), null, 2)}\n`,
    'gcp-logging/sink.ndjson': joined(entries.map((entry, index) => JSON.stringify(gcp(entry, 1000 - index)))),
    'gcp-logging/serial-port.json': `${JSON.stringify(
      newestFirst.map((entry) => ({
        insertId: 'x',
        textPayload: line(entry),
        logName: 'projects/example/logs/serialconsole.googleapis.com%2Fserial_port_1_output',
        timestamp: `${iso(entry.wallUs)}Z`,
      })),
      null,
      2,
    )}\n`,
    'gcp-logging/console.csv': csv(
      ['insertId', 'jsonPayload.MESSAGE', 'jsonPayload._HOSTNAME', 'resource.labels.node_name', 'timestamp'],
      newestFirst.map((entry, index) => [`i${String(9000 - index)}`, line(entry), entry.host, entry.host, `${iso(entry.wallUs)}Z`]),
    ),
    'cloudwatch/filter-log-events.json': `${JSON.stringify({ events: entries.map((entry, index) => ({ logStreamName: entry.host, timestamp: Math.floor(entry.wallUs / 1000), message: line(entry), ingestionTime: Math.floor(entry.wallUs / 1000) + 900, eventId: String(3700000 + index) })), searchedLogStreams: [] }, null, 4)}\n`,
    'cloudwatch/insights.csv': csv(
      ['@timestamp', '@message', '@logStream'],
      newestFirst.map((entry) => [iso(entry.wallUs, 3).replace('T', ' '), line(entry), entry.host]),
    ),
    'cloudwatch/insights-results.json': `${JSON.stringify({
      results: newestFirst.map((entry) => [
        { field: '@timestamp', value: iso(entry.wallUs, 3).replace('T', ' ') },
        { field: '@message', value: line(entry) },
        { field: '@ptr', value: 'p' },
      ]),
      status: 'Complete',
    })}\n`,
    'cloudwatch/container-insights-host.json': `${JSON.stringify({ events: entries.map((entry) => ({ logStreamName: `${entry.host}.host`, timestamp: Math.floor(entry.wallUs / 1000), message: JSON.stringify({ host: entry.host, ident: 'kernel', message: line(entry), az: 'eu-west-1a', ec2_instance_id: 'i-0' }), ingestionTime: 0 })) })}\n`,
    'container-insights/dataplane-kubelet.ndjson': joined(
      kubelet.map((message) =>
        JSON.stringify({
          hostname: 'ip-10-0-3-17.eu-west-1.compute.internal',
          systemd_unit: 'kubelet.service',
          message,
          az: 'eu-west-1a',
          ec2_instance_id: 'i-0',
        }),
      ),
    ),
    'azure-logs/syslog-portal.csv': csv(
      ['TimeGenerated [UTC]', 'Computer', 'Facility', 'SeverityLevel', 'ProcessName', 'SyslogMessage'],
      newestFirst.map((entry) => [us(entry.wallUs), entry.host, 'kern', 'warning', 'kernel', line(entry)]),
    ),
    'azure-logs/query-tables.json': `${JSON.stringify({
      tables: [
        {
          name: 'PrimaryResult',
          columns: [
            { name: 'TimeGenerated', type: 'datetime' },
            { name: 'Computer', type: 'string' },
            { name: 'Facility', type: 'string' },
            { name: 'SyslogMessage', type: 'string' },
          ],
          rows: newestFirst.map((entry) => [`${iso(entry.wallUs)}Z`, entry.host, 'kern', line(entry)]),
        },
      ],
    })}\n`,
    'loki/logcli.jsonl': joined(
      newestFirst.map((entry) =>
        JSON.stringify({
          labels: { node_name: entry.host, syslog_identifier: 'kernel' },
          line: line(entry),
          timestamp: `${iso(entry.wallUs)}000Z`,
        }),
      ),
    ),
    'loki/query-api.json': `${JSON.stringify({ status: 'success', data: { resultType: 'streams', result: [{ stream: { host: entries[0].host, unit: 'kernel' }, values: newestFirst.map((entry) => [`${entry.wallUs}000`, line(entry)]) }] } })}\n`,
    'loki/grafana-download.csv': csv(
      ['Date', 'Line', 'tsNs'],
      newestFirst.map((entry) => [iso(entry.wallUs, 3), line(entry), `${entry.wallUs}000`]),
    ),
    'splunk/results.csv': csv(
      ['_time', '_raw', 'host', 'source', 'sourcetype'],
      newestFirst.map((entry) => [`${iso(entry.wallUs, 3)}+0000`, `${line(entry)}`, entry.host, '/var/log/kern.log', 'syslog']),
    ),
    'splunk/results.json': joined(
      newestFirst.map((entry) =>
        JSON.stringify({ preview: false, result: { _raw: line(entry), _time: `${iso(entry.wallUs, 3)}+00:00`, host: entry.host } }),
      ),
    ),
    'splunk/one-event-of-many-lines.csv': csv(
      ['_time', '_raw', 'host'],
      [[`${iso(entries[0].wallUs, 3)}+0000`, entries.map(line).join('\n'), entries[0].host]],
    ),
    'datadog/logs.csv': csv(
      ['Date', 'Host', 'Service', 'Content'],
      newestFirst.map((entry) => [`${iso(entry.wallUs, 3)}Z`, entry.host, 'kernel', line(entry)]),
    ),
    'datadog/api-v2.json': `${JSON.stringify({ data: newestFirst.map((entry, index) => ({ id: String(90000 - index), type: 'log', attributes: { timestamp: `${iso(entry.wallUs, 3)}Z`, message: line(entry), host: entry.host, service: 'kernel', tags: ['env:prod'] } })) }, null, 2)}\n`,
    'elasticsearch/search.json': `${JSON.stringify({ took: 3, hits: { total: { value: entries.length }, hits: newestFirst.map((entry) => ({ _index: 'journal', _id: 'a', _source: { '@timestamp': `${iso(entry.wallUs, 3)}Z`, message: line(entry), host: { name: entry.host }, syslog: { identifier: 'kernel' } } })) } }, null, 1)}\n`,
    'elasticsearch/elasticdump.ndjson': joined(
      newestFirst.map((entry) =>
        JSON.stringify({
          _index: 'logs',
          _id: 'b',
          _source: { '@timestamp': `${iso(entry.wallUs, 3)}Z`, message: line(entry), host: { name: entry.host } },
        }),
      ),
    ),
    'elasticsearch/kibana.csv': csv(
      ['@timestamp', 'host.name', 'message'],
      newestFirst.map((entry) => [`Nov 24, 2026 @ ${iso(entry.wallUs, 3).slice(11)}`, entry.host, line(entry)]),
    ),
    'gelf/graylog.csv': csv(
      ['timestamp', 'source', 'gl2_message_id', 'message'],
      newestFirst.map((entry, index) => [`${iso(entry.wallUs, 3)}Z`, entry.host, `01H${String(50000 - index)}`, line(entry)]),
    ),
    'gelf/gelf.ndjson': joined(
      entries.map((entry) =>
        JSON.stringify({
          version: '1.1',
          host: entry.host,
          short_message: line(entry),
          timestamp: entry.wallUs / 1e6,
          level: entry.severity,
          _SYSLOG_IDENTIFIER: 'kernel',
        }),
      ),
    ),
    'vector/journald.ndjson': joined(
      entries.map((entry) =>
        JSON.stringify({
          message: entry.text,
          timestamp: `${iso(entry.wallUs)}Z`,
          host: entry.host,
          source_type: 'journald',
          SYSLOG_IDENTIFIER: 'kernel',
          PRIORITY: String(entry.severity),
        }),
      ),
    ),
    'fluent/systemd-input.ndjson': joined(
      entries.map((entry) =>
        JSON.stringify({
          date: entry.wallUs / 1e6,
          TRANSPORT: 'kernel',
          SYSLOG_FACILITY: '0',
          SYSLOG_IDENTIFIER: 'kernel',
          HOSTNAME: entry.host,
          SOURCE_MONOTONIC_TIMESTAMP: String(entry.uptimeUs),
          PRIORITY: String(entry.severity),
          MESSAGE: entry.text,
        }),
      ),
    ),
    'fluent/tail-input.ndjson': joined(
      entries.map((entry) => JSON.stringify({ date: entry.wallUs / 1e6, log: line(entry), hostname: entry.host })),
    ),
    'log-export/semicolons.csv': joined([
      'timestamp;hostname;program;message',
      ...newestFirst.map((entry) => `${iso(entry.wallUs, 3)}Z;${entry.host};kernel;"${line(entry).replaceAll('"', '""')}"`),
    ]),
    'journal-json/server-sent-events.txt': joined(
      entries.flatMap((entry) => [
        `data: ${JSON.stringify({ MESSAGE: entry.text, PRIORITY: String(entry.severity), SYSLOG_FACILITY: '0', SYSLOG_IDENTIFIER: 'kernel', _TRANSPORT: 'kernel', _HOSTNAME: entry.host, __REALTIME_TIMESTAMP: String(entry.wallUs), _SOURCE_MONOTONIC_TIMESTAMP: String(entry.uptimeUs) })}`,
        '',
      ]),
    ),
  }
}
