/**
 * Documents kept ready at once; the scripts inside a document count as one. One of 30 KB takes 4 MB, three of them types,
 * and 40 ms to be read again.
 */
const mostDocuments = 10;

/**
 * Scripts inside documents kept ready at once. Over a model of 2,000 schemas one takes 0.3 to 0.8 MB, and making it 3 ms.
 * One program for all of a document would take half of that, but an edit of one script would have all checked again.
 */
const mostInside = 100;

interface Disposable {
  dispose(): void;
}

/**
 * Keeps what is known of scripts while it fits: scripts by document, the document used longest ago forgotten first. A
 * document with more scripts than fit is read from its beginning to its end again and again, so the first of them stay,
 * and those that do not fit take turns in one place: forgetting the oldest would forget each just before it is needed.
 */
export class ProjectCache<Project extends Disposable> {
  readonly create: () => Project;
  /** By the address of the document, then of the script; documents in order of use, scripts as they came. */
  private readonly documents = new Map<string, Map<string, Project>>();

  constructor(create: () => Project) {
    this.create = create;
  }

  find(uri: string): Project | undefined {
    return this.documents.get(documentOf(uri))?.get(uri);
  }

  /** The project of a script, made if need be. */
  use(uri: string): Project {
    const owner = documentOf(uri);
    const scripts = this.documents.get(owner) ?? new Map<string, Project>();
    this.documents.delete(owner);
    this.documents.set(owner, scripts);
    const known = scripts.get(uri);
    if (known !== undefined) return known;
    this.makeRoom(owner, scripts);
    const project = this.create();
    scripts.set(uri, project);
    return project;
  }

  /** Forgets a script, or a document with every script that ever was inside it. */
  close(uri: string): void {
    const owner = documentOf(uri);
    const scripts = this.documents.get(owner);
    for (const [each, project] of scripts ?? []) {
      if (uri !== owner && uri !== each) continue;
      project.dispose();
      scripts?.delete(each);
    }
    if (scripts?.size === 0) this.documents.delete(owner);
  }

  private makeRoom(owner: string, scripts: ReadonlyMap<string, Project>): void {
    const isInside = (uri: string): boolean => uri.includes('#');
    const insideCount = (): number =>
      [...this.documents.values()].reduce(
        (count, each) => count + [...each.keys()].filter(isInside).length,
        0,
      );
    for (const [oldest, others] of this.documents) {
      const isFull = this.documents.size > mostDocuments || insideCount() >= mostInside;
      if (!isFull || oldest === owner) break;
      // A document without others inside makes no room for them.
      if (this.documents.size <= mostDocuments && ![...others.keys()].some(isInside)) continue;
      this.close(oldest);
    }
    const last = [...scripts.keys()].at(-1);
    if (insideCount() >= mostInside && last !== undefined) this.close(last);
  }
}

/** A script inside a document has the document's address with a fragment. */
function documentOf(uri: string): string {
  const at = uri.indexOf('#');
  return at < 0 ? uri : uri.slice(0, at);
}
