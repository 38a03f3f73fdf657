// Metrics of real processes under cAdvisor's names: `node exporter.mjs PORT name=pid …` (a name is the pod's). The memory is read from /proc.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const [port, ...pairs] = process.argv.slice(2)
const PAGE = 4096
const rss = (pid) => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE
createServer((_, response) => {
  const rows = pairs.flatMap((pair) => {
    const [pod, pid] = pair.split('=')
    const labels = `{container="app",namespace="shop",node="node-17",pod="${pod}"}`
    try {
      return [`container_memory_working_set_bytes${labels} ${rss(pid)}`, `container_memory_rss${labels} ${rss(pid)}`]
    } catch {
      return []
    }
  })
  response.end(`# TYPE container_memory_working_set_bytes gauge\n# TYPE container_memory_rss gauge\n${rows.join('\n')}\n`)
}).listen(Number(port), '127.0.0.1')
