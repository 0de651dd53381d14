import { markup, type Html } from './html.ts';
import { pageAddress, type PageContext } from './pages.ts';
import type { LinkFacts, SchemaFacts } from './schemaFacts.ts';

const rowHeight = 46;
const boxHeight = 34;
const boxWidth = 210;
/** Between the boxes: room for the names of the links. */
const gap = 190;
const margin = 8;
/** More boxes on a side are counted, not drawn: the tables below have them all. */
const maxBoxes = 24;
/** Characters that fit, at 7.2 pixels each in a box and 5.6 beside it on average. */
const boxCharacters = 28;
const linkCharacters = 26;

interface Neighbour {
  schemaId: string;
  links: LinkFacts[];
}

/** One side of the diagram. */
interface Side {
  neighbours: readonly Neighbour[];
  /** Left edge of its boxes. */
  x: number;
  /** The edge of its boxes that faces the center, and that of the center which faces it. */
  edge: number;
  centerEdge: number;
  toMany: boolean;
}

/**
 * The schema between its neighbours, as inline SVG: on the right what a row points to, on the left what there are many of.
 * Colours come from the style sheet of the page. `undefined` when there are no links.
 */
export function linkDiagram(facts: SchemaFacts, context: PageContext): Html | undefined {
  const right = toNeighbours(facts.links.filter((link) => !link.toMany));
  const left = toNeighbours(facts.links.filter((link) => link.toMany));
  if (right.length + left.length === 0) return undefined;
  const height = Math.max(rowCount(left), rowCount(right)) * rowHeight + 2 * margin;
  const center = margin + (left.length === 0 ? 0 : boxWidth + gap);
  const width = center + boxWidth + (right.length === 0 ? 0 : gap + boxWidth) + margin;
  const sides: Side[] = [
    { neighbours: left, x: margin, edge: margin + boxWidth, centerEdge: center, toMany: true },
    {
      neighbours: right,
      x: center + boxWidth + gap,
      edge: center + boxWidth + gap,
      centerEdge: center + boxWidth,
      toMany: false,
    },
  ];
  const size = markup`viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const drawn = sides.map((side) => drawSide(side, height, context));
  const here = drawBox(facts.id, center, height / 2, 'box here', undefined);
  return markup`<svg class="diagram" ${size} role="img" aria-label="Links of ${facts.id}">\n${drawn}${here}</svg>\n`;
}

function toNeighbours(links: readonly LinkFacts[]): Neighbour[] {
  const bySchema = new Map<string, Neighbour>();
  for (const link of links) {
    const known = bySchema.get(link.target);
    if (known === undefined) bySchema.set(link.target, { schemaId: link.target, links: [link] });
    else known.links.push(link);
  }
  return [...bySchema.values()];
}

/** Rows a side takes: its boxes, and the line that counts the others. */
function rowCount(neighbours: readonly Neighbour[]): number {
  return Math.min(neighbours.length, maxBoxes + 1);
}

function drawSide(side: Side, height: number, context: PageContext): Html[] {
  const { neighbours, x } = side;
  const top = (height - rowCount(neighbours) * rowHeight) / 2;
  const rowY = (row: number): number => top + (row + 0.5) * rowHeight;
  const shown = neighbours.slice(0, maxBoxes);
  // All lines before all names, so that no line goes through a name.
  const drawn = [
    ...shown.map((_, row) => drawLine(side, rowY(row), height / 2)),
    ...shown.map((neighbour, row) => drawNeighbour(side, neighbour, rowY(row), context)),
  ];
  const others = neighbours.length - maxBoxes;
  if (others > 0) {
    const middle = x + boxWidth / 2;
    drawn.push(
      markup`<text class="name" x="${middle}" y="${rowY(maxBoxes)}" text-anchor="middle">and ${others} more</text>\n`,
    );
  }
  return drawn;
}

function drawLine({ edge, centerEdge, toMany }: Side, y: number, centerY: number): Html {
  const middle = (edge + centerEdge) / 2;
  const path = `M${centerEdge} ${centerY} C${middle} ${centerY} ${middle} ${y} ${edge} ${y}`;
  // The end of a line where there are many.
  const foot = toMany ? ` M${edge} ${y - 6} L${edge + 10} ${y} L${edge} ${y + 6}` : '';
  return markup`<path class="link" d="${path}${foot}"/>\n`;
}

function drawNeighbour(
  { x, edge, toMany }: Side,
  { schemaId, links }: Neighbour,
  y: number,
  context: PageContext,
): Html {
  const names = links.map(({ xpath }) => xpath).join(', ');
  const place = markup`x="${toMany ? edge + 14 : edge - 6}" y="${y - 7}" text-anchor="${toMany ? 'start' : 'end'}"`;
  const name = markup`<text class="name" ${place}><title>${names}</title>${shorten(names, linkCharacters)}</text>`;
  return markup`${name}${drawBox(schemaId, x, y, 'box', pageAddress(context, schemaId, 'html'))}\n`;
}

function drawBox(
  schemaId: string,
  x: number,
  y: number,
  className: string,
  address: string | undefined,
): Html {
  const size = markup`x="${x}" y="${y - boxHeight / 2}" width="${boxWidth}" height="${boxHeight}" rx="4"`;
  const text = markup`<title>${schemaId}</title>${shorten(schemaId, boxCharacters)}`;
  const middle = x + boxWidth / 2;
  const box = markup`<rect class="${className}" ${size}/><text class="id" x="${middle}" y="${y + 4}" text-anchor="middle">${text}</text>`;
  return address === undefined ? box : markup`<a href="${address}">${box}</a>`;
}

function shorten(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
