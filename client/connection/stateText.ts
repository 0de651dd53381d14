import type { ConnectionState } from './connections.ts';

const texts: Readonly<Record<ConnectionState, string>> = {
  connected: 'connected',
  connecting: 'connecting…',
  disconnected: 'not connected',
};

/** The state of a connection in words: the same in the tree, the status bar, menus and tooltips. */
export function stateText(state: ConnectionState): string {
  return texts[state];
}
