/** An element of `page.html`. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id)
  if (!(element instanceof kind)) throw new Error(`page.html has no ${id}`)
  return element
}

/** A new element with text in it; text is never markup. */
export function made<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  text: string | readonly Node[] = '',
  className = '',
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.append(...(typeof text === 'string' ? [text] : text))
  return element
}

export function button(text: string, press: () => void, className = ''): HTMLButtonElement {
  const element = made('button', text, className)
  element.type = 'button'
  element.addEventListener('click', press)
  return element
}
