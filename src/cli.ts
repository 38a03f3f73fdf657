#!/usr/bin/env node
import { version } from './version.ts'

// `--version` is answered before anything else loads: scripts ask for it often.
const [first] = process.argv.slice(2)
if (process.argv.length === 3 && (first === '--version' || first === '-V')) process.stdout.write(`${version}\n`)
else
  void import('./cli/main.ts').then(async ({ main }) => {
    process.exitCode = await main(process.argv.slice(2))
  })
