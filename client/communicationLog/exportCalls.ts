import type { CallLogEntry } from '../../core/soap/callLog.ts';

/** A call and the name of its connection. */
export interface ExportedCall {
  readonly connection: string;
  readonly entry: CallLogEntry;
}

/** One JSON object a line. Bodies are in it where they were recorded; all of it was masked at capture. */
export function toJsonLines(calls: readonly ExportedCall[]): string {
  return calls
    .map(({ connection, entry }) => {
      const rest = { ...entry, id: undefined, sentAt: undefined };
      return `${JSON.stringify({ time: new Date(entry.sentAt).toISOString(), connection, ...rest })}\n`;
    })
    .join('');
}

/**
 * An HTTP Archive (HAR 1.2), which the network tab of a browser and most proxies open. No headers are in it: they are
 * where the tokens are.
 */
export function toHar(calls: readonly ExportedCall[], version: string): string {
  const creator = { name: 'Campaign Developer Tools', version };
  return `${JSON.stringify({ log: { version: '1.2', creator, entries: calls.map(toHarEntry) } }, undefined, 1)}\n`;
}

function toHarEntry({ connection, entry }: ExportedCall): object {
  const { request, reply } = entry;
  const mimeType = 'text/xml; charset=utf-8';
  return {
    startedDateTime: new Date(entry.sentAt - entry.waitedMs).toISOString(),
    time: entry.waitedMs + entry.durationMs,
    request: {
      method: entry.httpMethod,
      url: `${entry.url}${entry.action.includes('#') ? `?soapAction=${encodeURIComponent(entry.action)}` : ''}`,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [],
      queryString: [],
      headersSize: -1,
      bodySize: entry.sentBytes,
      ...(request === undefined ? {} : { postData: { mimeType, text: request } }),
    },
    response: {
      // The format has no word for “no answer” but this.
      status: entry.status ?? 0,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [],
      content: {
        size: entry.receivedBytes,
        mimeType: 'text/xml',
        ...(reply === undefined ? {} : { text: reply }),
      },
      redirectURL: '',
      headersSize: -1,
      bodySize: entry.receivedBytes,
    },
    cache: {},
    timings: { blocked: entry.waitedMs, send: 0, wait: entry.durationMs, receive: 0 },
    comment: [
      connection,
      entry.action,
      entry.result,
      ...(entry.campaignCode === undefined ? [] : [entry.campaignCode]),
      ...(entry.attempt > 1 ? [`attempt ${entry.attempt}`] : []),
    ].join(', '),
  };
}
