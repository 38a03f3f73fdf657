import { doWithout } from '../pieces.ts'

// `OOM_REPORT_WITHOUT=lives,threads`, in threads and processes below this one, too: `npm run bench -- --only=pieces`.
doWithout(process.env['OOM_REPORT_WITHOUT']?.split(',') ?? [])

export { isWithout } from '../pieces.ts'
