/** Whether a name shows nothing: it is empty, blank, or of control, bidirectional and zero-width characters only. Processes may call themselves so. */
export const isNameless = (name: string | null): boolean => name === null || /^[\s\p{C}\p{Z}\u115f\u1160\u2800\u3164\uffa0]*$/u.test(name)

/** What stands for such a name where one is shown. */
export const shownName = (name: string): string => (isNameless(name) ? '(no name)' : name)
