import { createButton, createElement } from './dom.ts';

/** Shows one value whole: long texts, XML, several lines. Escape closes it. */
export function showValue(title: string, value: string, copy: (text: string) => void): void {
  const text = createElement('pre', {
    text: value === '' ? '(empty)' : value,
    attributes: { tabindex: '0', 'aria-label': title },
  });
  const dialog = createElement('dialog', { className: 'value', attributes: { 'aria-label': title } });
  const close = createButton('Close', () => dialog.close(), { className: 'secondary' });
  dialog.append(
    createElement('h2', { text: title }),
    text,
    createElement(
      'div',
      { className: 'buttons' },
      createButton('Copy', () => copy(value)),
      close,
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
