/** Namespaces of the product itself; whatever else there is, somebody here made. Source: campaign namespaces in use. */
const builtInNamespaces: ReadonlySet<string> = new Set([
  'xtk',
  'nl',
  'nms',
  'ncm',
  'temp',
  'ncl',
  'crm',
  'xxl',
  'sfdc',
  'acx',
  'adb',
]);

/** Does the namespace belong to the product? */
export function isBuiltInNamespace(namespace: string): boolean {
  return builtInNamespaces.has(namespace);
}
