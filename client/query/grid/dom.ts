/** Attributes set as given; `text` goes in as text. */
export interface ElementInit {
  readonly className?: string;
  readonly text?: string;
  readonly title?: string;
  readonly role?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Makes an element. Invariant: text of a server or a file reaches the page through `textContent` only, never as HTML.
 */
export function createElement<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  init: ElementInit = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (init.className !== undefined) element.className = init.className;
  if (init.text !== undefined) element.textContent = init.text;
  if (init.title !== undefined) element.title = init.title;
  if (init.role !== undefined) element.setAttribute('role', init.role);
  for (const [name, value] of Object.entries(init.attributes ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function createButton(label: string, onClick: () => void, init: ElementInit = {}): HTMLButtonElement {
  const button = createElement('button', { ...init, text: label });
  button.type = 'button';
  button.addEventListener('click', onClick);
  return button;
}
