export { accountingInForce } from './in-force.ts'
export { accountMachine } from './machine-accounting.ts'
export { accountMemcg } from './memcg-accounting.ts'
