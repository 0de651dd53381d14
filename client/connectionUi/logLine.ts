import type { CallLogEntry } from '../../core/soap/callLog.ts';

/** `xtk:queryDef#ExecuteQuery 200 ok, 120 ms, 1.2 kB sent, 26 kB received` */
export function toLine(entry: CallLogEntry): string {
  const status = entry.status === undefined ? '' : ` ${entry.status}`;
  const code = entry.campaignCode === undefined ? '' : ` ${entry.campaignCode}`;
  const again = entry.attempt > 1 ? `, attempt ${entry.attempt}` : '';
  const waited = entry.waitedMs >= 50 ? `, waited ${Math.round(entry.waitedMs)} ms` : '';
  return `${entry.action}${status} ${entry.result}${code}, ${Math.round(entry.durationMs)} ms${waited}${again}, ${toSize(entry.sentBytes)} sent, ${toSize(entry.receivedBytes)} received`;
}

function toSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
