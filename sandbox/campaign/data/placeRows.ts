import type { DemoContext, DemoRow } from './demoContext.ts';

const countries: readonly (readonly [a2: string, a3: string, n3: string, label: string, prefix: string])[] = [
  ['FR', 'FRA', '250', 'France', '33'],
  ['BE', 'BEL', '056', 'Belgium', '32'],
  ['CA', 'CAN', '124', 'Canada', '1'],
  ['DE', 'DEU', '276', 'Germany', '49'],
  ['CH', 'CHE', '756', 'Switzerland', '41'],
  ['GB', 'GBR', '826', 'United Kingdom', '44'],
  ['US', 'USA', '840', 'United States', '1'],
  ['IE', 'IRL', '372', 'Ireland', '353'],
  ['ES', 'ESP', '724', 'Spain', '34'],
  ['IT', 'ITA', '380', 'Italy', '39'],
  ['SE', 'SWE', '752', 'Sweden', '46'],
  ['PL', 'POL', '616', 'Poland', '48'],
  ['JP', 'JPN', '392', 'Japan', '81'],
  ['LU', 'LUX', '442', 'Luxembourg', '352'],
  ['CI', 'CIV', '384', "Côte d'Ivoire", '225'],
  ['XX', 'XXX', '000', 'Unknown', ''],
];

const states: readonly (readonly [country: string, code: string, label: string])[] = [
  ['US', 'MA', 'Massachusetts'],
  ['US', 'WA', 'Washington'],
  ['US', 'CA', 'California'],
  ['US', 'TX', 'Texas'],
  ['CA', 'QC', 'Québec'],
  ['CA', 'ON', 'Ontario'],
];

export function* placeRows(context: DemoContext): Generator<DemoRow> {
  for (const [a2, a3, n3, label, prefix] of countries) {
    yield {
      schemaId: 'nms:country',
      row: {
        '@isoA2': a2,
        '@isoA3': a3,
        '@isoN3': n3,
        '@label': label,
        '@shortLabel': label,
        '@phonePrefix': prefix,
      },
    };
  }
  for (const [countryCode, code, label] of states) {
    yield {
      schemaId: 'nms:state',
      row: { '@id': context.newId(), '@code': code, '@countryCode': countryCode, '@label': label },
    };
  }
}
