import type { JavaScriptHost, JavaScriptService } from './language/javascript/javaScriptService.ts';

/** Loads the JavaScript side and TypeScript with it: a fifth of a second, so only when a script is open. */
export async function loadScripts(host: Omit<JavaScriptHost, 'typescript'>): Promise<JavaScriptService> {
  const [typescript, { createJavaScriptService }] = await Promise.all([
    import('typescript'),
    import('./language/javascript/javaScriptService.ts'),
  ]);
  return createJavaScriptService({ ...host, typescript: typescript.default });
}
