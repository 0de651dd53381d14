/** What goes back over HTTP. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** Pieces are written as the client takes them. */
  body: string | Buffer | Iterable<string>;
  /** Cut the connection: without an answer, or in the middle of it. */
  cut?: 'before' | 'middle';
  /** Wait between pieces. */
  pieceDelayMs?: number;
}

/** A body whole; one in pieces is put together. */
export function wholeBody(body: Reply['body']): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : [...body].join(''));
}

export const xmlReply = (status: number, body: string | Iterable<string>): Reply => ({
  status,
  headers: { 'Content-Type': 'text/xml;charset=utf-8' },
  body,
});

export const textReply = (status: number, body: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'Content-Type': 'text/plain;charset=utf-8', ...headers },
  body,
});

export const htmlReply = (status: number, title: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'Content-Type': 'text/html;charset=utf-8', ...headers },
  body: `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
});

export const jsonReply = (status: number, value: unknown): Reply => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(value),
});
