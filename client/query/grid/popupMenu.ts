import { createElement } from './dom.ts';

export interface MenuEntry {
  readonly label: string;
  /** For entries that are on or off. */
  readonly checked?: boolean;
  readonly run: () => void;
}

/**
 * A menu at a place on the page, worked by arrow keys, first letters, Enter and Escape. Closing gives the focus back.
 * @param at the menu opens below this rectangle.
 */
export function showMenu(label: string, entries: readonly MenuEntry[], at: DOMRect): void {
  const before = document.activeElement;
  const menu = createElement('div', { className: 'menu', role: 'menu', attributes: { 'aria-label': label } });
  const items = entries.map(({ label: text, checked, run }) => {
    const item = createElement('div', {
      className: 'menuitem',
      role: checked === undefined ? 'menuitem' : 'menuitemcheckbox',
      text,
      attributes: { tabindex: '-1', ...(checked === undefined ? {} : { 'aria-checked': String(checked) }) },
    });
    item.addEventListener('click', () => {
      close();
      run();
    });
    item.addEventListener('pointerenter', () => item.focus());
    menu.append(item);
    return item;
  });
  const close = (): void => {
    document.removeEventListener('pointerdown', onOutside, true);
    window.removeEventListener('blur', close);
    menu.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  const onOutside = (event: PointerEvent): void => {
    if (!(event.target instanceof Node && menu.contains(event.target))) close();
  };
  menu.addEventListener('keydown', (event) => {
    const index = items.findIndex((item) => item === document.activeElement);
    const target = ((): HTMLElement | undefined => {
      switch (event.key) {
        case 'ArrowDown':
          return items[(index + 1) % items.length];
        case 'ArrowUp':
          return items[(index - 1 + items.length) % items.length];
        case 'Home':
          return items[0];
        case 'End':
          return items.at(-1);
        default: {
          if (event.key.length !== 1 || event.key === ' ') return undefined;
          const letter = event.key.toLowerCase();
          return [...items.slice(index + 1), ...items].find((item) =>
            item.textContent.toLowerCase().startsWith(letter),
          );
        }
      }
    })();
    if (target !== undefined) target.focus();
    else if (event.key === 'Enter' || event.key === ' ') items[index]?.click();
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.body.append(menu);
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(0, Math.min(at.left, window.innerWidth - width - 4))}px`;
  menu.style.top = `${Math.max(0, Math.min(at.bottom, window.innerHeight - height - 4))}px`;
  document.addEventListener('pointerdown', onOutside, true);
  window.addEventListener('blur', close);
  items[0]?.focus();
}
