import type { Clock } from '../../sandbox/campaign/clock.ts';
import { loadRows } from '../../sandbox/campaign/demoSeed.ts';
import type { DemoRow } from '../../sandbox/campaign/data/demoData.ts';
import type { Seed } from '../../sandbox/campaign/seed.ts';

const root = (name: string, label: string, content: string, more = ''): string =>
  `<schema namespace="lib" name="${name}" label="${label}" mappingType="sql" implements="xtk:persist"${more}>${content}</schema>`;

const key = (xpath: string, name = 'id', internal = true): string =>
  `<key name="${name}"${internal ? ' internal="true"' : ''}><keyfield xpath="${xpath}"/></key>`;

/** A small library: authors write books, books are lent, logs are kept in the cloud with a staging table. */
export const librarySchemas: readonly string[] = [
  root(
    'author',
    'Authors',
    `<element name="author" autopk="true" sqltable="LibAuthor">
       <compute-string expr="@name + ' (' + @country + ')'"/>
       ${key('@id')}${key('@name', 'name', false)}
       <attribute name="id" type="long" sqlname="iAuthorId"/>
       <attribute name="name" sqlname="sName"/>
       <attribute name="country" sqlname="sCountry" length="2" dataPolicy="upperCase"/>
       <attribute name="born" type="date" sqlname="tsBorn"/>
       <attribute name="prizes" type="byte" sqlname="iPrizes"/>
       <element name="book" type="link" target="lib:book" unbound="true" revLink="author" integrity="own" belongsTo="lib:book"><join xpath-src="@id" xpath-dst="@author-id"/></element>
     </element>`,
  ),
  root(
    'book',
    'Books',
    `<enumeration name="kind" basetype="byte" default="novel">
       <value name="novel" label="A novel" value="0"/><value name="poetry" label="Poems" value="1"/>
     </enumeration>
     <element name="book" autopk="true" sqltable="LibBook">
       <compute-string expr="@title"/>
       ${key('@id')}${key('@isbn', 'isbn', false)}
       <attribute name="id" type="long" sqlname="iBookId"/>
       <attribute name="isbn" sqlname="sIsbn"/>
       <attribute name="title" sqlname="sTitle"/>
       <attribute name="kind" type="byte" enum="kind" sqlname="iKind"/>
       <attribute name="price" type="double" sqlname="dPrice"/>
       <attribute name="inStock" type="boolean" default="true" sqlname="iInStock"/>
       <attribute name="added" type="datetime" default="GetDate()" sqlname="tsAdded"/>
       <attribute name="shortTitle" expr="Left(@title, 3)"/>
       <attribute name="md5" sqlname="sMd5"/>
       <attribute name="lastModified" type="datetime" sqlname="tsLastModified"/>
       <attribute name="cover" xml="true"/>
       <attribute name="author-id" type="long" sqlname="iAuthorId"/>
       <element name="size"><attribute name="pages" type="short" sqlname="iPages"/><attribute name="weight" type="double" sqlname="dWeight"/></element>
       <element name="summary" type="memo" sqlname="mSummary"/>
       <element name="notes" xml="true">
         <attribute name="lang"/>
         <element name="intro" type="CDATA"/>
         <element name="note" unbound="true"><key name="id"><keyfield xpath="@id"/></key><attribute name="id"/><attribute name="text"/></element>
       </element>
       <element name="extra" type="ANY" xml="true"/>
       <element name="data" type="memo" sqlname="mData"/>
       <element name="author" type="link" target="lib:author" revLink="book"><join xpath-src="@author-id" xpath-dst="@id"/></element>
       <element name="loan" type="link" target="lib:loan" unbound="true" revLink="book" belongsTo="lib:loan"><join xpath-src="@id" xpath-dst="@book-id"/></element>
     </element>`,
  ),
  root(
    'loan',
    'Loans',
    `<element name="loan" sqltable="LibLoan">
       <key name="loan" internal="true"><keyfield xpath="@book-id"/><keyfield xpath="@reader"/></key>
       <attribute name="reader" sqlname="sReader"/>
       <attribute name="from" type="datetime" sqlname="tsFrom"/>
       <attribute name="days" type="long" sqlname="iDays"/>
       <attribute name="book-id" type="long" sqlname="iBookId"/>
       <element name="book" type="link" target="lib:book" revLink="loan"><join xpath-src="@book-id" xpath-dst="@id"/></element>
     </element>`,
  ),
  ...['visit', 'visitStg'].map((name) =>
    root(
      name,
      'Visits',
      `<element name="${name}" autopk="true" autouuid="true" ${name === 'visit' ? 'autoStg="true" dataSource="nms:extAccount:ffda"' : ''} sqltable="Lib${name.charAt(0).toUpperCase()}${name.slice(1)}">
         ${key('@id')}
         <attribute name="id" type="uuid" sqlname="uVisitId"/>
         <attribute name="reader" sqlname="sReader"/>
         <attribute name="minutes" type="long" sqlname="iMinutes"/>
       </element>`,
    ),
  ),
];

const rows: readonly DemoRow[] = [
  ...[
    [1, 'Woolf', 'GB', '1882-01-25', 0],
    [2, 'Calvino', 'IT', '1923-10-15', 2],
    [3, 'Szymborska', 'PL', '1923-07-02', 1],
    [4, 'Ferrante', 'IT', null, 0],
  ].map(([id, name, country, born, prizes]) => ({
    schemaId: 'lib:author',
    row: { '@id': id!, '@name': name!, '@country': country!, '@born': born ?? null, '@prizes': prizes! },
  })),
  ...[
    [11, 'I-1', 'Orlando', 0, 9.5, 1, '2024-01-10T10:00:00.000Z', 1, 333],
    [12, 'I-2', 'The Waves', 0, 8, 0, '2024-02-10T10:00:00.000Z', 1, 296],
    [13, 'I-3', 'Invisible Cities', 0, 12, 1, '2024-03-10T10:00:00.000Z', 2, 165],
    [14, 'I-4', 'View with a Grain of Sand', 1, 15.25, 1, '2024-03-10T23:30:00.000Z', 3, 214],
    [15, 'I-5', '100% <Anonymous>', 1, 0, 0, null, 0, 0],
  ].map(([id, isbn, title, kind, price, stock, added, author, pages]) => ({
    schemaId: 'lib:book',
    row: {
      '@id': id!,
      '@isbn': isbn!,
      '@title': title!,
      '@kind': kind!,
      '@price': price!,
      '@inStock': stock!,
      '@added': added ?? null,
      '@author-id': author!,
      'size/@pages': pages!,
      summary: id === 11 ? 'A life of four centuries.' : null,
      data:
        id === 11
          ? '<book cover="hard"><notes lang="en"><intro><![CDATA[if (a < b && c) "x"]]></intro><note id="1" text="first"/><note id="2" text="second"/></notes><extra deep="1"><any/></extra></book>'
          : null,
    },
  })),
  ...[
    [11, 'ann', '2024-05-01T08:00:00.000Z', 14],
    [11, 'bob', '2024-06-01T08:00:00.000Z', 30],
    [13, 'ann', '2024-07-01T08:00:00.000Z', 7],
  ].map(([book, reader, from, days]) => ({
    schemaId: 'lib:loan',
    row: { '@book-id': book!, '@reader': reader!, '@from': from!, '@days': days! },
  })),
];

/** The library, with the five options and folders it has none of. */
export const librarySeed: Seed = {
  schemas: librarySchemas,
  sources: [],
  load: (instance) => {
    loadRows(instance, rows);
  },
};

/** A clock that moves when told to; sleeping takes no time but is noted. */
export class FakeClock implements Clock {
  ms = Date.parse('2024-08-15T12:00:00.000Z');
  readonly slept: number[] = [];
  now = (): number => this.ms;
  sleep = (ms: number): Promise<void> => {
    this.slept.push(ms);
    return Promise.resolve();
  };
}
