export { accountMachine } from './machine-accounting.ts'
export { accountMemcg } from './memcg-accounting.ts'
export { accountPart } from './part-accounting.ts'
