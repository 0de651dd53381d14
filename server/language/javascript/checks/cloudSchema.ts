import type { Schema, SchemaElement } from '../../../../core/schema/schema.ts';
import type { LanguageModel } from '../../model.ts';

/** The external account of the cloud database. Source: Campaign v8 documentation, "FFDA architecture". */
const cloudSource = 'nms:extAccount:ffda';

/** Is the table of a schema in the cloud database, or fed through a staging table? */
export function isCloudSchema(model: LanguageModel, schema: Schema): boolean {
  return isCloudElement(schema.root) || stagingTwin(model, schema) !== undefined;
}

function isCloudElement(root: SchemaElement | undefined): boolean {
  return root?.dataSource === cloudSource || root?.autoStg === true;
}

/** The id of the staging table's schema; `undefined` when there is none. */
export function stagingTwin(model: LanguageModel, schema: Schema): string | undefined {
  const id = `${schema.id}Stg`;
  return model.listSchemas()?.some((entry) => entry.id === id) === true ? id : undefined;
}

/**
 * Tables that stay in the local database of a v8 Enterprise instance, by schema: configuration, workflows, deliveries and
 * reference tables; profiles, logs and custom tables are in the cloud.
 * [I] The documentation names the kinds, not the schemas; what is not known to be in the cloud counts as local.
 */
export function mayBeInCloud(schemaId: string): boolean {
  const [namespace = '', name = ''] = schemaId.split(':');
  if (/^(?:xtk|nl|ncm|crm|temp)$/.test(namespace)) return false;
  if (namespace !== 'nms') return true;
  return /^(?:recipient|visitor)|Rcp|Log[A-Z]?/.test(name);
}
