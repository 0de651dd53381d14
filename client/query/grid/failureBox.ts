import type { GridActionId, GridFailure } from '../../../core/protocol/gridMessages.ts';
import { createButton, createElement } from './dom.ts';

/** What went wrong, what the server said, and buttons for what to do. */
export function createFailureBox(failure: GridFailure, act: (id: GridActionId) => void): HTMLElement {
  const box = createElement(
    'div',
    { className: 'failure', role: 'alert' },
    createElement('p', { className: 'explanation', text: failure.explanation }),
  );
  if (failure.nextStep !== '') box.append(createElement('p', { text: failure.nextStep }));
  if (failure.details.length > 0) {
    box.append(
      createElement(
        'details',
        {},
        createElement('summary', { text: 'What the server said' }),
        createElement('pre', { text: failure.details.join('\n'), attributes: { tabindex: '0' } }),
      ),
    );
  }
  const buttons = failure.actions.map(({ id, label }, index) =>
    createButton(label, () => act(id), index === 0 ? {} : { className: 'secondary' }),
  );
  box.append(createElement('div', { className: 'buttons' }, ...buttons));
  return box;
}
