import { attributeOf, attributeValue, childElements, type XmlElement } from '../../core/xml/xmlTree.ts';
import { parseXml } from '../../core/xml/parseXml.ts';
import { queryElement } from '../../core/queryDef/grammar.ts';
import { checkQuery } from '../../server/language/queryDef/queryDiagnostics.ts';
import type { QueryProblem } from '../../server/language/queryDef/queryProblem.ts';
import type { Caller } from '../sandbox/call.ts';
import { queryContext } from '../support/queryModel.ts';
import { demoModel } from './demoModel.ts';

/** What both sides say of one document. */
export interface Judgement {
  text: string;
  errors: QueryProblem[];
  warnings: QueryProblem[];
  /** The fault of the sandbox; `undefined` when the query ran. */
  fault: string | undefined;
}

/** Asks the checks and the sandbox. */
export async function judge(caller: Caller, text: string): Promise<Judgement> {
  const problems = checkQuery(queryContext(text, demoModel));
  return {
    text,
    errors: problems.filter(({ severity }) => severity === 'error'),
    warnings: problems.filter(({ severity }) => severity === 'warning'),
    fault: faultIn(await caller.query(text)),
  };
}

/** `get` without a record is an error of its own: the query is right, the record is not there. */
export function faultIn(answer: string): string | undefined {
  return answer.startsWith('<') || answer.includes('WDB-200011') ? undefined : answer;
}

/**
 * Warnings that stand for a refusal: the sandbox has to do something, and refuses; that a real server does is not
 * certain enough to call it an error.
 */
export const warnedInstead: Readonly<Record<string, string>> = {
  'expression/argument-count': 'several functions are documented with arguments missing, or with too many',
  'expression/argument-type': 'what the database makes of it differs from one to the next',
  'expression/operand-type': 'what the database makes of it differs from one to the next',
  'expression/type-mismatch': 'what the database makes of it differs from one to the next',
  'expression/enum-unknown-value': 'the instance may have a later version of the schema',
  'expression/function-unknown': 'instances add functions of their own',
  'expression/function-misplaced': 'that the server refuses it is likely, but not written anywhere',
  'expression/aggregate-in-where': 'an aggregate over a collection may be legal there',
  'expression/window-outside-select': 'documented for select; elsewhere nothing is said',
  'expression/date-format': 'the forms a server reads are known from samples only',
  'expression/attribute-not-last': 'temporary schemas of workflows write paths of their own',
  'expression/chained-comparison': 'the precedence of operators is not documented',
  'expression/not-a-condition': 'the expression of COUNT and its like is inferred',
  'expression/foreign-operator': 'not found anywhere, which is no proof',
  'query/xml-field-filtered': 'that the database cannot compute with XML is documented for filters only',
  'query/set-operator-unknown': 'the list of set operators is not complete in any source',
  'query/set-operator-needs-collection': 'the expression of COUNT and its like is inferred',
  'query/integer-value': 'how a server reads a number that is none is not documented',
  'query/group-by-missing': 'what happens to columns beside an aggregate is not documented',
  'query/unknown-element': 'the server ignores it; what fails is what is missing then',
  'query/unknown-attribute': 'the server ignores it; what fails is what is missing then',
  'query/misplaced-element': 'the server ignores it; what fails is what is missing then',
};

/** Errors of what a server accepts without a word, and does not do. */
export const silentlyMisread: Readonly<Record<string, string>> = {
  'query/lowercase-element':
    'the server ignores the element: the query runs without its filter, order or groups',
  'query/expr-empty': 'the condition drops out: the query returns more than it says',
};

/** Refusals without a word from us, each with what makes it right to say nothing. */
export const saidNothing: readonly { fault: RegExp; text?: RegExp; reason: string }[] = [
  {
    fault: /The operation 'update' is unknown/,
    reason: 'update belongs to another method: how a query is called does not show in its text',
  },
  {
    fault: /Element 'data' unknown/,
    reason: 'which schemas have an XML body does not always show in their text',
  },
  {
    fault: /Element '[^']*' is no field/,
    reason: 'one source has containers give their text or subtree',
  },
  {
    fault: /Wrong number of arguments for function '(?:GetOption|AESEncrypt|YearsAgo)'/,
    reason: 'their arguments are not documented for certain, so they are not counted',
  },
  {
    fault: /must appear in the GROUP BY clause/,
    text: /\b(?:Count|Countdistinct|Max)\(\[/,
    reason:
      'an aggregate over a collection inside a larger expression is a value of the row to us; nothing documents it',
  },
];

/** How a document is judged: in agreement, or by which exception. */
export function verdictOf({ text, errors, warnings, fault }: Judgement): 'agree' | 'excepted' | 'disagree' {
  if (fault === undefined) {
    if (errors.length === 0) return 'agree';
    const isRead = isReadBy(text);
    const read = errors.filter((problem) => silentlyMisread[problem.code] === undefined && isRead(problem));
    return read.length === 0 ? 'excepted' : 'disagree';
  }
  if (errors.length > 0) return 'agree';
  const isExcepted =
    warnings.some(({ code }) => warnedInstead[code] !== undefined) ||
    saidNothing.some((row) => row.fault.test(fault) && row.text?.test(text) !== false);
  return isExcepted ? 'excepted' : 'disagree';
}

/** Does a server get to the place of a problem? What is left out of a query can be as wrong as it likes. */
function isReadBy(text: string): (problem: QueryProblem) => boolean {
  const { root } = parseXml(text);
  return ({ start }) => {
    for (let at = elementAt(root, start); at !== undefined; at = at.parent) {
      if (isLeftOut(at)) return false;
    }
    return true;
  };
}

function elementAt(root: XmlElement | undefined, offset: number): XmlElement | undefined {
  if (root === undefined || offset < root.start || offset > root.end) return undefined;
  for (const child of root.children) {
    const found = child.kind === 'element' ? elementAt(child, offset) : undefined;
    if (found !== undefined) return found;
  }
  return root;
}

function isLeftOut(element: XmlElement): boolean {
  const { parent } = element;
  const flagged = (name: string): boolean => attributeOf(element, name) !== undefined;
  if (element.localName === 'condition' && (flagged('ignore') || flagged('enabledIf'))) return true;
  if (parent === undefined) return false;
  // A count selects nothing, and so do elements where none are expected.
  if (element.localName === 'select' && attributeValue(parent, 'operation') === 'count') return true;
  // What IN looks up is in its sub-query; conditions beside that mean nothing that is documented.
  const setOperator = attributeValue(parent, 'setOperator');
  if (element.localName === 'condition' && (setOperator === 'IN' || setOperator === 'NOT IN')) return true;
  // Only columns of a collection have a filter and an order of their own.
  const isColumn = parent.localName === 'node' && childElements(parent, 'node').length === 0;
  if (isColumn && element.localName !== 'node') return true;
  // Of two clauses of a name the first counts.
  if (element.localName !== 'node' && element.localName !== 'condition') {
    const first = parent.children.find(
      (child) => child.kind === 'element' && child.localName === element.localName,
    );
    if (first !== element) return true;
  }
  const allowed = queryElement(parent.localName)?.children;
  return allowed?.includes(element.localName) !== true;
}
