#!/usr/bin/env node
import { version } from './version.ts'

// `--version` is answered before anything else loads: scripts ask for it often.
const [first] = process.argv.slice(2)
if (process.argv.length === 3 && (first === '--version' || first === '-V')) process.stdout.write(`${version}\n`)
else {
  keepCompiled()
  void import('./cli/main.ts').then(async ({ main }) => {
    process.exitCode = await main(process.argv.slice(2))
  })
}

/** Node.js 22 and later keep compiled code between runs, in the system's temporary folder. */
function keepCompiled(): void {
  if (Number.parseInt(process.versions.node, 10) >= 22)
    (process.getBuiltinModule('node:module') as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.()
}
