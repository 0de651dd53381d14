import { createHash } from 'node:crypto';
import { readMultipart } from './multipart.ts';

/** A file in the `upload` folder of the instance, named by its content. */
export interface UploadedFile {
  paramName: string;
  fileName: string;
  newFileName: string;
  md5: string;
}

/** A file larger than this is refused. */
export const maxUploadBytes = 16 * 1024 * 1024;

/** All files together; the oldest go first. */
const maxTotalBytes = 4 * maxUploadBytes;

/** Thrown for a form that is no upload; the message says why. */
export class BadUpload extends Error {}

/** The `upload` folder, in memory. */
export class Uploads {
  private readonly files = new Map<string, Buffer>();
  private totalBytes = 0;

  /** Keeps the files of a multipart form. @throws BadUpload. */
  receive(contentType: string, body: Buffer): UploadedFile[] {
    const parts = readMultipart(contentType, body);
    if (parts === undefined) throw new BadUpload('The request is no multipart form.');
    const received: UploadedFile[] = [];
    for (const { name: paramName, fileName, content } of parts) {
      if (fileName === undefined) continue;
      if (content.length > maxUploadBytes)
        throw new BadUpload(`The file is larger than ${maxUploadBytes} bytes.`);
      const md5 = createHash('md5').update(content).digest('hex');
      const newFileName = `${md5}${extensionOf(fileName)}`;
      // A copy: the part is a view of the whole request.
      this.keep(newFileName, Buffer.from(content));
      received.push({ paramName, fileName, newFileName, md5 });
    }
    if (received.length === 0) throw new BadUpload('The form has no file.');
    return received;
  }

  /** @param extension with or without its dot. */
  find(md5: string, extension: string): Buffer | undefined {
    const dot = extension === '' || extension.startsWith('.') ? '' : '.';
    return this.files.get(`${md5.toLowerCase()}${dot}${extension.toLowerCase()}`);
  }

  private keep(name: string, content: Buffer): void {
    const before = this.files.get(name);
    if (before !== undefined) return;
    this.files.set(name, content);
    this.totalBytes += content.length;
    for (const [oldest, old] of this.files) {
      if (this.totalBytes <= maxTotalBytes) break;
      this.files.delete(oldest);
      this.totalBytes -= old.length;
    }
  }
}

const extensionOf = (name: string): string => /\.\w{1,16}$/.exec(name)?.[0].toLowerCase() ?? '';
