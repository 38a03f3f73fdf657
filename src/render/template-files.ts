import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The files of `templates/`, relative to it: what `templates eject` writes out. */
export function templateFiles(): readonly string[] {
  return (readdirSync(fileURLToPath(templateFolder()), { recursive: true }) as string[])
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.hbs'))
    .sort()
}

/** `templates/` of the package, wherever this module runs from: source tree, library or bundle. */
export function templateFolder(): URL {
  const folders = ['../../', '../../../', '../', './'].map((up) => new URL(`${up}templates/`, import.meta.url))
  return folders.find((folder) => existsSync(new URL('report.html.hbs', folder))) ?? (folders[0] as URL)
}
