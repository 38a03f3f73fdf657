#!/usr/bin/env node
import { version } from './version.ts'

// `--version` is answered before anything else loads: scripts ask for it often.
const [, program = '', ...argv] = process.argv
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`)
else
  void run().then((code) => {
    process.exitCode = code
  })

async function run(): Promise<number> {
  if (process.pid === 1) {
    const code = await (await import('./cli/first-process.ts')).runBelow(program, argv)
    if (code !== null) return code
  }
  keepCompiled()
  return (await import('./cli/main.ts')).main(argv)
}

/** Node.js 22 and later keep compiled code between runs, in the system's temporary folder. */
function keepCompiled(): void {
  if (Number.parseInt(process.versions.node, 10) >= 22)
    (process.getBuiltinModule('node:module') as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.()
}
