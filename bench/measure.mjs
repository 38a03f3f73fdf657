import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../dist/cli/cli.js', import.meta.url))

/** Peak memory, time and processor seconds of one run over these files, as a row; gives the processor seconds. */
export function measure(folder, print, name, files, aim) {
  const begun = performance.now()
  const hook = `data:text/javascript,process.on('exit',()=>{const r=process.resourceUsage();console.error('PEAK',r.maxRSS,r.userCPUTime+r.systemCPUTime)})`
  const run = `node --import "${hook}" '${cli}' analyze ${files.map((file) => `'${file}'`).join(' ')} --format json`
  const out = execFileSync('sh', ['-c', `${run} 2>&1 >'${folder}/out.json' | grep PEAK`], { encoding: 'utf8' })
  const [, peak, cpu] = out.split(' ').map(Number)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  const row = [name, `${Math.round(peak / 1024)} MiB`, aim, `${seconds} s, ${(cpu / 1e6).toFixed(1)} CPU seconds`, '', '']
  print(row)
  return cpu / 1e6
}
