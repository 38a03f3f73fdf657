/** Names of the programs, and of all else, that a shell's line may start: `sh -c "python manage.py"` gives `sh`, `-c`, `python`, `manage.py`; folders are left out. */
export const programsOf = (command: string): string[] =>
  command.split(/[\s"';&|()]+/, 40).map((word) => word.slice(word.lastIndexOf('/') + 1))

/** Whether a name is another with a version behind it: `python3.11` of `python`. */
export const isVersionOf = (name: string, program: string): boolean =>
  name.startsWith(program) && /^[\d.]*$/.test(name.slice(program.length))

/** Whether a shell's line starts a program, by the name that the kernel keeps of it (15 characters): `sh -c "python manage.py import"`, `/usr/bin/mysqldump --all-databases`. */
export function startsProgram(command: string, comm: string): boolean {
  return programsOf(command).some((program) => {
    const name = program.slice(0, 15)
    return name === comm || (comm.length >= 4 && isVersionOf(name, comm)) || (name.length >= 4 && isVersionOf(comm, name))
  })
}
