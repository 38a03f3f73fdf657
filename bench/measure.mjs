import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../dist/cli/cli.js', import.meta.url))

/** Peak memory, time and processor seconds of one run over these files, as a row; gives the processor seconds. */
export function measure(folder, print, name, files, aim) {
  const begun = performance.now()
  const code = `process.argv=[process.argv[0],${JSON.stringify(cli)},'analyze',...${JSON.stringify(files)},'--format','json'];process.on('exit',()=>{const r=process.resourceUsage();console.error('PEAK',r.maxRSS,r.userCPUTime+r.systemCPUTime)});import(${JSON.stringify(cli)})`
  const script = join(folder, 'run.mjs')
  writeFileSync(script, code)
  const out = execFileSync('sh', ['-c', `node '${script}' 2>&1 >'${folder}/out.json' | grep PEAK`], { encoding: 'utf8' })
  const [, peak, cpu] = out.split(' ').map(Number)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  const row = [name, `${Math.round(peak / 1024)} MiB`, aim, `${seconds} s, ${(cpu / 1e6).toFixed(1)} CPU seconds`, '', '']
  print(row)
  return cpu / 1e6
}
