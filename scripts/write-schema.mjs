// Writes schema/report.schema.json. Run with: npx tsx scripts/write-schema.mjs
import { writeFileSync } from 'node:fs'
import { jsonSchema } from './report-schema.ts'

writeFileSync(new URL('../schema/report.schema.json', import.meta.url), jsonSchema())
