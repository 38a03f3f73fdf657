import { expect, test } from 'vitest'
import { isVersionOf, programsOf } from '../../src/text/programs.ts'

test.each<[string, readonly string[]]>([
  ['sh -c "python manage.py import"', ['sh', '-c', 'python', 'manage.py', 'import', '']],
  ['/usr/bin/mysqldump --all-databases', ['mysqldump', '--all-databases']],
  ['cd /tmp;gdb -p 1|tee x', ['cd', 'tmp', 'gdb', '-p', '1', 'tee', 'x']],
])('%s', (command, programs) => {
  expect(programsOf(command)).toEqual(programs)
})

test('a version behind a name', () => {
  expect(isVersionOf('python3.11', 'python')).toBe(true)
  expect(isVersionOf('python', 'python')).toBe(true)
  expect(isVersionOf('pythonic', 'python')).toBe(false)
})
