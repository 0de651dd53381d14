import { toInstantText } from '../clock.ts';
import { compileSource } from '../entity/compileSource.ts';
import { findRows, tableOf } from '../entity/document.ts';
import { exportDocument } from '../entity/exportDocument.ts';
import { storeSchema } from '../entity/schemaStore.ts';
import type { Instance } from '../instance.ts';
import { rowIdsWhere } from '../query/selectQuery.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import {
  attribute,
  cloneElement,
  createElement,
  elements,
  firstElement,
  type Element,
} from '../xml/element.ts';
import { writeDocument } from '../write/writeDocument.ts';

/** `<package>` alone, or inside `<pkgDesc>`. */
function packagesOf(parameters: Element | undefined): Element[] {
  const packages =
    parameters === undefined
      ? []
      : parameters.name === 'package'
        ? [parameters]
        : elements(parameters, 'package');
  if (packages.length === 0) throw new CampaignFailure('The package is missing.');
  return packages;
}

/** Writes the entities of a package, then compiles the schemas among them. */
function installPackage(call: Call): Answer {
  const { instance } = call;
  const packages = packagesOf(call.element(0));
  const installed: Element[] = [];
  instance.transaction(() => {
    for (const group of packages.flatMap((element) => elements(element, 'entities'))) {
      const id = attribute(group, 'schema');
      for (const entity of elements(group)) {
        writeDocument(instance, entity, id);
        if (id === 'xtk:srcSchema') installed.push(entity);
      }
    }
    for (const source of installed)
      for (const xml of compileSource(instance, source).values()) storeSchema(instance, xml);
  });
  instance.updateDatabase();
  return {};
}

/** Undoes a trial: nothing of it stays. */
class Trial extends Error {}

/**
 * Tries to install each entity, and counts those that lead nowhere. [I] What a server patches is not documented: the
 * package comes back as it was.
 */
function resolveReferences(call: Call): Answer {
  const { instance } = call;
  const sent = call.element(0);
  let warnings = 0;
  for (const group of packagesOf(sent).flatMap((element) => elements(element, 'entities'))) {
    for (const entity of elements(group)) {
      try {
        instance.transaction(() => {
          writeDocument(instance, cloneElement(entity), attribute(group, 'schema'));
          throw new Trial();
        });
      } catch (error) {
        if (!(error instanceof Trial)) warnings++;
      }
    }
  }
  return { values: [sent, warnings] };
}

/** The package a specification describes: the records of each definition that meet its condition. */
export function generatePackage(instance: Instance, specFile: Element): Element {
  const groups = elements(specFile, 'definition').map((definition) => {
    const schemaId = attribute(definition, 'schema');
    const table = tableOf(instance, schemaId);
    const where = firstElement(definition, 'where') ?? createElement('where');
    const ids = new Set(rowIdsWhere(schemaId, where, instance.queryEnvironment()));
    const rows = findRows(instance, table, []).filter(({ rowId }) => ids.has(rowId));
    const documents = rows.map((row) => exportDocument(instance, table, row));
    return createElement('entities', { schema: schemaId }, documents);
  });
  if (groups.length === 0) throw new CampaignFailure('The specification has no definition.');
  const { settings, clock } = instance;
  return createElement(
    'package',
    {
      author: instance.currentOperator.label,
      buildDate: toInstantText(clock.now()),
      buildNumber: settings.build,
      buildVersion: settings.release.split('.').slice(0, 2).join('.'),
      label: attribute(specFile, 'label'),
      name: attribute(specFile, 'name'),
      namespace: attribute(specFile, 'namespace'),
      vendor: attribute(specFile, 'vendor'),
    },
    groups,
  );
}

/** Packages: in through `xtk:builder`, out through `xtk:specFile`. */
export const packageMethods: readonly Method[] = [
  method('xtk:builder#InstallPackage', 'parameters:DOMElement', installPackage, { access: 'admin' }),
  method(
    'xtk:builder#ResolvePackageReferences',
    'elemPackage:DOMElement -> pelemPatchedPackage:DOMElement, plWarningNb:long',
    resolveReferences,
    { access: 'admin' },
  ),
  method(
    'xtk:specFile#GenerateDoc',
    '-> pdomPackage:DOMDocument',
    ({ instance, entity }) => ({ values: [generatePackage(instance, entity)] }),
    { kind: 'const' },
  ),
  // [?] Where the server puts the package is not documented; a specification that cannot be generated fails here too.
  method(
    'xtk:specFile#Generate',
    '',
    ({ instance, entity }) => {
      generatePackage(instance, entity);
      return { entity };
    },
    { kind: 'document' },
  ),
];
