import { createButton, createElement } from './dom.ts';

/** A value as it is stored, and as the grid shows it. */
export interface ShownValue {
  readonly stored: string;
  readonly shown: string;
}

/** Shows one value whole: long texts, XML, several lines. Escape closes it. */
export function showValue(title: string, { stored, shown }: ShownValue, copy: (text: string) => void): void {
  const text = createElement('pre', {
    text: stored === '' ? '(empty)' : stored,
    attributes: { tabindex: '0', 'aria-label': title },
  });
  const dialog = createElement('dialog', { className: 'value', attributes: { 'aria-label': title } });
  const isTranslated = shown !== stored;
  dialog.append(
    createElement('h2', { text: title }),
    ...(isTranslated ? [createElement('p', { text: `Reads “${shown}”, and is stored as` })] : []),
    text,
    createElement(
      'div',
      { className: 'buttons' },
      createButton('Copy', () => copy(stored)),
      ...(isTranslated ? [createButton('Copy as Shown', () => copy(shown), { className: 'secondary' })] : []),
      createButton('Close', () => dialog.close(), { className: 'secondary' }),
    ),
  );
  const before = document.activeElement;
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
  text.focus();
}
