/**
 * The pages about problem codes, as the tests read them, and what is generated from the tables: the index of the pages and
 * the codes that settings.json completes. `node test/docs/problemPages.ts` writes both.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import {
  codesOffAtFirst,
  problemGroups,
  problemPageName,
  problemSeverities,
} from '../../server/language/problemCatalog.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'docs', 'problems');
const indexFile = path.join(folder, 'README.md');

/** A page, cut into its sections. */
export interface ProblemPage {
  code: string;
  file: string;
  /** What the problem is, in one line. */
  summary: string;
  /** Text of the sections by heading. */
  sections: ReadonlyMap<string, string>;
}

/** A fenced block of a page. */
export interface Example {
  language: string;
  text: string;
}

/** Names of the page files, without the index. */
export function pageFiles(): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
}

/** The page about a code. */
export function readPage(code: string): ProblemPage {
  const file = problemPageName(code);
  const [head = '', ...rest] = readFileSync(path.join(folder, file), 'utf8').split(/^## /m);
  const [title = '', summary = ''] = head.split('\n\n');
  const sections = rest.map((section): [string, string] => {
    const end = section.indexOf('\n');
    return [section.slice(0, end).trim(), section.slice(end).trim()];
  });
  return { code: title.replace(/^# /, ''), file, summary: summary.trim(), sections: new Map(sections) };
}

/** The fenced blocks of a section, in order. */
export function examplesOf(page: ProblemPage, section: string): Example[] {
  const text = page.sections.get(section) ?? '';
  return [...text.matchAll(/^```(\w+)\n([^]*?)\n```$/gm)].map(([, language = '', example = '']) => ({
    language,
    text: example,
  }));
}

/** What `docs/problems/README.md` has to be. */
export async function problemIndex(): Promise<string> {
  const groups = problemGroups.map((group) => {
    const rows = [...problemSeverities]
      .filter(([code]) => code.startsWith(group.slice(0, -1)))
      .map(([code, severity]) => {
        const { file, summary } = readPage(code);
        const shown = codesOffAtFirst.has(code) ? 'off' : severity;
        return `| [${code}](${file}) | ${shown} | ${summary} |`;
      });
    return `## ${group}\n\n| Code | Severity | What it says |\n| --- | --- | --- |\n${rows.join('\n')}`;
  });
  const text = `# Problem codes\n\n${preface}\n\n${groups.join('\n\n')}\n`;
  return format(text, { ...(await resolveConfig(indexFile)), filepath: indexFile });
}

const preface = `Each code is stable, and has a page that says why, and what to write instead.

The setting \`campaign.diagnostics.severity\` gives a code, or a whole group, another severity:

\`\`\`json
{ "campaign.diagnostics.severity": { "query/contains": "off", "lint/*": "information" } }
\`\`\`

Rules of taste are off until the setting names their own code.

A comment leaves a problem out: on the line before, or beside it. Several codes, groups, and a reason after a colon may
follow; with \`-file\` it speaks for the whole file.

\`\`\`xml
<!-- campaign-ignore query/contains: the table is small -->
\`\`\`

\`\`\`js
// campaign-ignore-file script/later-syntax
\`\`\``;

/** The keys `campaign.diagnostics.severity` may have. */
export function severityKeys(): string[] {
  return [...problemGroups, ...problemSeverities.keys()];
}

/** The names the manifest lets the setting have. */
export function severityKeysOfManifest(manifest: string): string[] {
  return keyList(JSON.parse(manifest) as Manifest);
}

interface Manifest {
  contributes: {
    configuration: { properties: Record<string, { propertyNames?: { enum: string[] } }> }[];
  };
}

function keyList({ contributes }: Manifest): string[] {
  const name = 'campaign.diagnostics.severity';
  const setting = contributes.configuration.map(({ properties }) => properties[name]).find(Boolean);
  return setting?.propertyNames?.enum ?? [];
}

if (import.meta.main) {
  writeFileSync(indexFile, await problemIndex());
  const manifestFile = path.join(root, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest;
  keyList(manifest).splice(0, Infinity, ...severityKeys());
  writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
}
