// Runs after an install: builds dist/ so that `npm ci` leaves a working `npx oom-report`. Where the compiler is absent (`--omit=dev`, or the package
// installed from a registry, which ships dist/) it says so and does nothing.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const missing = ['typescript/package.json', 'rolldown/package.json'].filter((name) => {
  try {
    require.resolve(name)
    return false
  } catch {
    return true
  }
})
if (missing.length > 0) console.log('oom-report: no compiler installed (development packages omitted); dist/ is left as it is')
else await import('./build.mjs')
