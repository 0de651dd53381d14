/** A field of a multipart form; a file when it has a file name. */
export interface FormPart {
  name: string;
  fileName: string | undefined;
  content: Buffer;
}

/** More parts than this and the form is refused. */
const maxParts = 100;

/**
 * Reads `multipart/form-data`, strictly: what does not follow RFC 7578 is no form.
 * @returns `undefined` for what is none.
 */
export function readMultipart(contentType: string, body: Buffer): FormPart[] | undefined {
  const boundary = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
    contentType,
  );
  if (boundary === null) return undefined;
  const delimiter = Buffer.from(`--${boundary[1] ?? boundary[2] ?? ''}`);
  const parts: FormPart[] = [];
  let at = body.indexOf(delimiter);
  while (at >= 0 && parts.length <= maxParts) {
    const start = at + delimiter.length;
    if (body.toString('latin1', start, start + 2) === '--') return parts;
    const headEnd = body.indexOf('\r\n\r\n', start);
    const end = headEnd < 0 ? -1 : body.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), headEnd + 2);
    if (end < 0) return undefined;
    const part = readHead(body.toString('utf8', start, headEnd));
    if (part === undefined) return undefined;
    parts.push({ ...part, content: body.subarray(headEnd + 4, Math.max(end, headEnd + 4)) });
    at = end + 2;
  }
  return undefined;
}

function readHead(head: string): { name: string; fileName: string | undefined } | undefined {
  const disposition = /^Content-Disposition:\s*form-data(.*)$/im.exec(head)?.[1];
  const name = disposition === undefined ? undefined : parameter(disposition, 'name');
  return name === undefined ? undefined : { name, fileName: parameter(disposition ?? '', 'filename') };
}

/** Browsers write quotes and line breaks of names as `%22`, `%0D`, `%0A`. */
function parameter(text: string, name: string): string | undefined {
  const value = new RegExp(`;\\s*${name}="([^"]*)"`, 'i').exec(text)?.[1];
  return value?.replace(/%(22|0D|0A)/gi, (_all, code: string) => String.fromCharCode(parseInt(code, 16)));
}
