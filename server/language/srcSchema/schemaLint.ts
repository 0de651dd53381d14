import {
  attributeOf,
  attributeValue,
  childElements,
  descendantElements,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import { lintDataSource, lintExistingTable } from './existingTableLint.ts';
import { lintEnumeration, lintField } from './fieldLint.ts';
import { lintIndexes, lintView } from './indexLint.ts';
import { lintLink } from './linkLint.ts';
import type { SchemaContext } from './schemaContext.ts';
import { insertAttribute } from './schemaFixes.ts';
import { schemaProblem, type SchemaSourceProblem } from './schemaProblem.ts';
import { isLinkTag } from './schemaTags.ts';
import { tagRange, valueRange } from './structureChecks.ts';
import { lintTable } from './tableLint.ts';

/**
 * Adds the advice that applies to a schema source.
 * Source: Campaign Classic and Campaign v8 documentation, "Data model best practices", "Keys", "Extending a schema", "API
 * staging mechanism".
 */
export function lintSchema(context: SchemaContext, root: XmlElement, problems: SchemaSourceProblem[]): void {
  const { own } = context;
  for (const main of childElements(root, 'element')) {
    if (own === undefined || own.library || attributeValue(main, 'name') !== own.root?.name) continue;
    lintExistingTable(context, main, problems);
    lintIndexes(context, main, problems);
    if (own.extendedSchema !== undefined) continue;
    const isFile = own.mappingType !== undefined && own.mappingType !== 'sql';
    if (!isFile) lintTable(own.view, main, problems);
    if (own.view) lintView(context, main, problems);
    else lintDataSource(context, main, problems);
  }
  for (const element of descendantElements(root)) lintNode(context, element, problems);
}

function lintNode(context: SchemaContext, element: XmlElement, problems: SchemaSourceProblem[]): void {
  switch (element.localName) {
    case 'element':
      if (isLinkTag(element)) lintLink(context, element, problems);
      else if (attributeOf(element, 'type') !== undefined) lintField(context, element, problems);
      break;
    case 'attribute':
      lintField(context, element, problems);
      break;
    case 'enumeration':
      lintEnumeration(element, problems);
      break;
    case 'sysFilter':
      for (const condition of childElements(element, 'condition')) {
        const expr = attributeValue(condition, 'expr');
        if (expr === undefined || /^(?:\s*|TRUE|FALSE)$/i.test(expr)) continue;
        problems.push(
          schemaProblem(
            'lint/sysfilter-expr',
            valueRange(condition, 'expr'),
            'An access filter says TRUE or FALSE in expr, and when in enabledIf.',
          ),
        );
      }
      break;
    case 'method':
      if (attributeOf(element, 'library') === undefined) {
        const message = 'A method of your own needs library: the JavaScript that holds it.';
        const fix = insertAttribute(element, 'library', `${context.own?.id ?? 'cus:library'}.js`);
        problems.push(schemaProblem('lint/method-no-library', tagRange(element), message, fix));
      }
      break;
  }
}
