#!/usr/bin/env node
import nodeModule from 'node:module'
import { version } from './version.ts'

// `--version` is answered before anything else loads: scripts ask for it often.
const [first] = process.argv.slice(2)
if (process.argv.length === 3 && (first === '--version' || first === '-V')) process.stdout.write(`${version}\n`)
else {
  // Node 22.1 and later keep the compiled code between runs, in the system's temporary folder.
  ;(nodeModule as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.()
  const { main } = await import('./cli/main.ts')
  process.exitCode = await main(process.argv.slice(2))
}
