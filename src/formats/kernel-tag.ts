const names = /^(?:\/?kernel|kern|vmunix)$/i

/** What systems and relays call the kernel before its text: `kernel`, `KERNEL`, `/kernel` (BSD), `vmunix` (Tru64, HP-UX, sysklogd), `kern`. Anybody may say so. */
export const isKernelTag = (text: string): boolean => text.length <= 7 && names.test(text)
