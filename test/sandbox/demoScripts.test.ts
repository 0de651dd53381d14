import * as ts from 'typescript';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseSchema } from '../../core/schema/parseSchema.ts';
import type { Schema } from '../../core/schema/schema.ts';
import { escapeXmlAttribute } from '../../core/xml/entities.ts';
import { parseXml } from '../../core/xml/parseXml.ts';
import {
  attributeValue,
  childElements,
  descendantElements,
  textOf,
  type XmlElement,
} from '../../core/xml/xmlTree.ts';
import { writeXml } from '../../core/xml/writeXml.ts';
import { maskDocument } from '../../server/language/javascript/scriptDocument.ts';
import type { LanguageModel } from '../../server/language/model.ts';
import { checkQuery } from '../../server/language/queryDef/queryDiagnostics.ts';
import { findRegions } from '../../server/language/regions.ts';
import { checkSchemaSource } from '../../server/language/srcSchema/schemaChecks.ts';
import { createSchemaContext } from '../../server/language/srcSchema/schemaContext.ts';
import { demoRows, type DemoValue } from '../../sandbox/campaign/data/demoData.ts';
import { readModelFiles } from '../../sandbox/campaign/data/modelFiles.ts';

const files = readModelFiles();
const schemas = new Map<string, Schema>();
for (const [id, xml] of files.schemas) schemas.set(id, parseSchema(xml).schema!);
const model: LanguageModel = {
  getSchema: (id) => schemas.get(id) ?? null,
  listSchemas: () => [...schemas.values()].map(({ id, label }) => ({ id, label })),
};

const rows = [...demoRows({ rows: 0, now: new Date('2026-03-14T09:26:53.000Z') })];

interface Script {
  where: string;
  languageId: 'campaign-javascript' | 'campaign-jssp';
  text: string;
}

/** Elements that hold code, by the language of their text. */
const codeElements: Readonly<Record<string, Script['languageId']>> = {
  script: 'campaign-javascript',
  initScript: 'campaign-javascript',
  call: 'campaign-javascript',
  recall: 'campaign-javascript',
  condition: 'campaign-javascript',
  message: 'campaign-jssp',
  source: 'campaign-jssp',
  subject: 'campaign-jssp',
  code: 'campaign-jssp',
};

function scriptsOf(schemaId: string, row: Record<string, DemoValue>): Script[] {
  if (typeof row['data'] !== 'string') return [];
  const body = parseXml(row['data']).root!;
  const name = String(row['@name'] ?? row['@internalName'] ?? row['@id']);
  const scripts: Script[] = [];
  for (const element of descendantElements(body)) {
    const text = textOf(element).trim();
    let languageId = codeElements[element.name];
    if (element.name === 'data') {
      if (schemaId === 'xtk:javascript') languageId = 'campaign-javascript';
      if (schemaId === 'xtk:jssp') languageId = 'campaign-jssp';
    }
    // The SQL of an activity is a template.
    if (element.parent?.name === 'sql') languageId = 'campaign-jssp';
    if (languageId !== undefined && text !== '')
      scripts.push({ where: `${schemaId} ${name} ${element.name}`, languageId, text });
  }
  return scripts;
}

const scripts = rows.flatMap(({ schemaId, row }) => scriptsOf(schemaId, row));

function problemsOf(where: string, languageId: string, text: string): string[] {
  const document = TextDocument.create('file:///demo', languageId, 1, text);
  const { literals } = maskDocument(languageId, text);
  return findRegions(languageId, text, literals)
    .queries.flatMap((region) => checkQuery({ model, document, region }))
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ code, message }) => `${where}: ${code} ${message}`);
}

test('every script is JavaScript once its E4X is masked', () => {
  expect(scripts.length).toBeGreaterThan(100);
  const offenders: string[] = [];
  for (const { where, languageId, text } of scripts) {
    const masked = maskDocument(languageId, text);
    offenders.push(...masked.problems.map(({ message }) => `${where}: ${message}`));
    // Scripts are function bodies: a `return` at their top is legal.
    const source = ts.createSourceFile(
      'script.js',
      `function script() {${masked.text}\n}`,
      ts.ScriptTarget.ESNext,
    );
    const { parseDiagnostics } = source as unknown as { parseDiagnostics: ts.Diagnostic[] };
    offenders.push(
      ...parseDiagnostics.map((d) => `${where}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`),
    );
  }
  expect(offenders).toEqual([]);
});

test('the queries in the scripts name fields that exist', () => {
  expect(scripts.flatMap(({ where, languageId, text }) => problemsOf(where, languageId, text))).toEqual([]);
  const literalCount = scripts.reduce((count, { languageId, text }) => {
    const { literals } = maskDocument(languageId, text);
    return count + literals.filter(({ rootName }) => rootName === 'queryDef').length;
  }, 0);
  expect(literalCount).toBeGreaterThan(15);
});

test('the queries of activities, filters and rules name fields that exist', () => {
  const offenders: string[] = [];
  let checked = 0;
  const check = (where: string, schemaId: string, clauses: readonly XmlElement[]): void => {
    const inner = clauses.map((clause) => writeXml(clause)).join('');
    const text = `<queryDef schema="${escapeXmlAttribute(schemaId)}" operation="select">${inner}</queryDef>`;
    offenders.push(...problemsOf(where, 'campaign-querydef', text));
    checked++;
  };
  for (const { schemaId, row } of rows) {
    if (typeof row['data'] !== 'string') continue;
    const body = parseXml(row['data']).root!;
    const name = String(row['@name'] ?? row['@internalName']);
    for (const element of descendantElements(body)) {
      const clauses = childElements(element).filter((child) => ['select', 'where'].includes(child.name));
      if (clauses.length === 0 || element.name === 'subQuery' || schemaId === 'xtk:folder') continue;
      const start =
        attributeValue(element, 'schema') ??
        clauses.map((clause) => attributeValue(clause, 'filteringSchema')).find((id) => id !== undefined) ??
        (row['@schema'] as string | undefined) ??
        'nms:recipient';
      check(`${schemaId} ${name}`, start, clauses);
    }
  }
  expect(offenders).toEqual([]);
  expect(checked).toBeGreaterThan(8);
});

test('the source schemas pass the checks of the editor', () => {
  const offenders: string[] = [];
  for (const [id, text] of files.sources) {
    const document = TextDocument.create(`file:///${id}`, 'campaign-schema', 1, text);
    const problems = checkSchemaSource(createSchemaContext(model, document, parseXml(text)));
    offenders.push(
      ...problems.filter(({ severity }) => severity === 'error').map(({ message }) => `${id}: ${message}`),
    );
  }
  expect(offenders).toEqual([]);
});
