const loadCall = /\b(?:loadLibrary|require)\s*\(\s*(["'])([^"'\r\n]{1,200})\1/g;
const pageImport = /<%@\s*page\s+import\s*=\s*(["'])([^"'\r\n]{1,200})\1/g;

/** The libraries a script, page or template says it loads, as it names them: `cus:common.js`, `/nl/core/shared/nl.js`. */
export function loadedLibraries(text: string): Set<string> {
  return new Set([...text.matchAll(loadCall), ...text.matchAll(pageImport)].map((match) => match[2]!));
}
