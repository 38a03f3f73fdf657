/** A browser that knows Trusted Types takes markup and scripts from a named policy only (https://www.w3.org/TR/trusted-types/). */
interface Policy {
  createHTML(html: string): string
  createScriptURL(url: string): string
}
interface Factory {
  createPolicy(name: string, rules: Policy): Policy
}

const rules: Policy = {
  // Reports come from our own worker, which escapes what it quotes; they are shown in a frame in which no script runs.
  createHTML: (html) => html,
  createScriptURL: (url) => {
    if (!url.startsWith('blob:')) throw new TypeError('only the worker inside of this page is started')
    return url
  },
}

/** The page's only one: its Content-Security-Policy names it. */
export const trusted: Policy = (globalThis as { readonly trustedTypes?: Factory }).trustedTypes?.createPolicy('oom-report', rules) ?? rules
