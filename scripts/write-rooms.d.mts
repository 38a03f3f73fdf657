export function lintRules(): string
export function table(readme: string): string
