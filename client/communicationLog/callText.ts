import type { CallLogEntry } from '../../core/soap/callLog.ts';

/** `xtk:queryDef#ExecuteQuery 200 ok, 120 ms, 1.2 kB sent, 26 kB received` */
export function toLine(entry: CallLogEntry): string {
  const status = entry.status === undefined ? '' : ` ${entry.status}`;
  const code = entry.campaignCode === undefined ? '' : ` ${entry.campaignCode}`;
  const again = entry.attempt > 1 ? `, attempt ${entry.attempt}` : '';
  const waited = entry.waitedMs >= 50 ? `, waited ${Math.round(entry.waitedMs)} ms` : '';
  return `${entry.action}${status} ${entry.result}${code}, ${Math.round(entry.durationMs)} ms${waited}${again}, ${toSize(entry.sentBytes)} sent, ${toSize(entry.receivedBytes)} received`;
}

/** A call as people paste it into a ticket: a line, the address, and the bodies if they were recorded. */
export function toText(connection: string, entry: CallLogEntry): string {
  const { request, reply } = entry;
  return [
    `${new Date(entry.sentAt).toISOString()} ${connection}: ${toLine(entry)}`,
    `${entry.httpMethod} ${entry.url}`,
    ...(request === undefined || request === '' ? [] : ['', request]),
    ...(reply === undefined || reply === '' ? [] : ['', reply]),
    '',
  ].join('\n');
}

function toSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
