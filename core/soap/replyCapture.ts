import { bodyLimit } from './callLog.ts';
import { writtenForms } from './maskSecrets.ts';
import { CharsetError, decodeBinary, isAscii, ReplyDecoder } from './replyText.ts';
import type { DecodeText } from './transport.ts';

/** The beginning of an answer, for the log. */
export class ReplyCapture {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  add(piece: Uint8Array): void {
    const room = bodyLimit + 5000 - this.#length;
    if (room <= 0) return;
    this.#pieces.push(piece.slice(0, room));
    this.#length += Math.min(room, piece.length);
  }

  /**
   * The text, in the character set the answer says it has.
   * @param secrets those with letters beyond ASCII are blanked out before decoding, in each way they can be written: an
   * answer that is not in the set it claims would otherwise show them in a form that is not recognized.
   */
  text(contentType: string | undefined, decode: DecodeText, secrets: Iterable<string>): string {
    let raw = this.#pieces.map((piece) => decode(piece, 'binary')).join('');
    for (const secret of secrets) {
      if (isAscii(secret)) continue;
      for (const form of writtenForms(secret)) {
        for (const written of [form, toUtf8(form)]) raw = raw.replaceAll(written, '***');
      }
    }
    try {
      const decoder = new ReplyDecoder(contentType, decode);
      return decoder.push(toBytes(raw)) + decoder.finish();
    } catch (error) {
      if (!(error instanceof CharsetError)) throw error;
      return decodeBinary(raw, 'windows-1252', decode);
    }
  }
}

/** The bytes of a text in UTF-8, each as one character. */
function toUtf8(text: string): string {
  return encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}

function toBytes(binary: string): Uint8Array {
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
