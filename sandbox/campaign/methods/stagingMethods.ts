import { primaryKey } from '../../../core/schema/schema.ts';
import { replicate, stagingTable } from '../staging/staging.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import { attribute, cloneElement, type Element } from '../xml/element.ts';
import { operationOf, writeDocument } from '../write/writeDocument.ts';

function stagedDocument(call: Call): { document: Element; schemaId: string; keyName: string } {
  const sent = call.element(0);
  const schemaId = sent === undefined ? '' : attribute(sent, 'xtkschema');
  if (sent === undefined || schemaId === '')
    throw new CampaignFailure("The document has no attribute 'xtkschema'.");
  const { schema } = stagingTable(call.instance, schemaId);
  const keyName = (primaryKey(schema)?.fields[0]?.xpath ?? '@id').slice(1);
  return { document: cloneElement(sent), schemaId, keyName };
}

/** Adds one row to a staging table. Insert only: [?] a repeated key meets the unique index of the local table. */
function ingest(call: Call): Answer {
  const { document, schemaId, keyName } = stagedDocument(call);
  const operation = operationOf(document);
  if (operation !== 'insertOrUpdate' && operation !== 'insert') {
    throw new CampaignFailure(`Ingest only inserts; '${operation}' is for IngestExt.`);
  }
  const hasKey = attribute(document, keyName) !== '';
  document.attributes.set('_operation', 'insert');
  const row = call.instance.rows.transaction(() => writeDocument(call.instance, document, schemaId));
  return { values: [hasKey ? '' : String(row?.cells.get(`@${keyName}`) ?? '')] };
}

/** Inserts or updates within staging; what only the base table has is reconciled when it is replicated. */
function ingestExt(call: Call): Answer {
  const { document, schemaId } = stagedDocument(call);
  if (attribute(document, '_key') === '') {
    throw new CampaignFailure("IngestExt needs '_key', the fields that find the row.");
  }
  call.instance.rows.transaction(() => writeDocument(call.instance, document, schemaId));
  return {};
}

/** Unit calls of a server with a cloud database. */
export const stagingMethods: readonly Method[] = [
  method('xtk:persist#Ingest', 'domDoc:DOMDocument -> pstrSUuids:string', ingest),
  method('xtk:persist#IngestExt', 'domDoc:DOMDocument', ingestExt),
  method(
    'nms:replicationStrategy#StartReplicateStagingData',
    'strSchema:string',
    ({ instance, text }) => {
      replicate(instance, text(0).trim());
      return {};
    },
    { access: 'admin' },
  ),
];
