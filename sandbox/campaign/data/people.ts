/** Names and places, so that the demo looks like data and exercises accents, apostrophes and other alphabets. */
export interface Culture {
  weight: number;
  /** Language code of the recipients. */
  language: string;
  countryCode: string;
  phonePrefix: string;
  men: readonly string[];
  women: readonly string[];
  lastNames: readonly string[];
  titles: readonly [man: string, woman: string];
  streets: readonly string[];
  /** City, postal code, state code where the country has states. */
  cities: readonly (readonly [city: string, zipCode: string, stateCode?: string])[];
}

const french = {
  men: ['Jean-François', 'Étienne', 'Loïc', 'Théo', 'Raphaël', 'Gaël', 'François', 'Noé', 'Hugo', 'Mickaël'],
  women: ['Chloé', 'Zoé', 'Anaïs', 'Hélène', 'Maëlle', 'Élodie', 'Françoise', 'Inès', 'Léa', 'Marie-Noëlle'],
  lastNames: [
    'Lefèvre',
    'Müller-Roux',
    "D'Angelo",
    'Bérard',
    'Garçon',
    'Dupré',
    'Lemaître',
    'Noël',
    'Côté',
    'Fournier',
    'Béranger',
    'Hébert',
  ],
  titles: ['M.', 'Mme'],
  streets: ['rue de la République', 'avenue du Général Leclerc', "impasse de l'Église", 'quai des Bateliers'],
} as const;

const german = {
  men: ['Jürgen', 'Björn', 'Günther', 'Lukas', 'Jörg', 'Matthias', 'Felix', 'Sören'],
  women: ['Käthe', 'Jördis', 'Anneliese', 'Sophie', 'Bärbel', 'Johanna', 'Lena', 'Mareike'],
  lastNames: [
    'Müller',
    'Größmann',
    'Weiß',
    'Schröder',
    'Krüger',
    'Jäger',
    'Bauer',
    'Köhler',
    'Groß',
    'Vogel',
  ],
  titles: ['Herr', 'Frau'],
  streets: ['Hauptstraße', 'Bahnhofstraße', 'Am Mühlbach', 'Königsallee'],
} as const;

const english = {
  men: ['James', 'Oliver', 'William', 'George', 'Liam', 'Noah', 'Ethan', 'Séamus'],
  women: ['Olivia', 'Amelia', 'Charlotte', 'Emma', 'Siobhán', 'Grace', 'Ava', 'Zoë'],
  lastNames: [
    "O'Brien",
    'Smith',
    'Taylor',
    'Brontë',
    'MacDonald',
    "O'Neill",
    'Walker',
    'Harris',
    'Ford-Hill',
  ],
  titles: ['Mr.', 'Ms.'],
  streets: ['High Street', 'Church Lane', 'Station Road', 'Maple Avenue'],
} as const;

export const cultures: readonly Culture[] = [
  {
    ...french,
    weight: 30,
    language: 'fr',
    countryCode: 'FR',
    phonePrefix: '+33',
    cities: [
      ['Paris', '75011'],
      ['Lyon', '69003'],
      ['Strasbourg', '67000'],
      ['Saint-Étienne', '42000'],
      ['Nîmes', '30000'],
      ['Orléans', '45000'],
    ],
  },
  {
    ...french,
    weight: 4,
    language: 'fr',
    countryCode: 'BE',
    phonePrefix: '+32',
    cities: [
      ['Liège', '4000'],
      ['Bruxelles', '1000'],
      ['Namur', '5000'],
    ],
  },
  {
    ...french,
    weight: 3,
    language: 'fr',
    countryCode: 'CA',
    phonePrefix: '+1',
    cities: [
      ['Montréal', 'H2X 1Y4', 'QC'],
      ['Québec', 'G1R 4S9', 'QC'],
    ],
  },
  {
    ...german,
    weight: 16,
    language: 'de',
    countryCode: 'DE',
    phonePrefix: '+49',
    cities: [
      ['München', '80331'],
      ['Köln', '50667'],
      ['Berlin', '10115'],
      ['Düsseldorf', '40213'],
    ],
  },
  {
    ...german,
    weight: 3,
    language: 'de',
    countryCode: 'CH',
    phonePrefix: '+41',
    cities: [
      ['Zürich', '8001'],
      ['Bern', '3011'],
    ],
  },
  {
    ...english,
    weight: 14,
    language: 'en',
    countryCode: 'GB',
    phonePrefix: '+44',
    cities: [
      ['London', 'SW1A 1AA'],
      ['Leeds', 'LS1 4DY'],
      ['Bristol', 'BS1 5TR'],
    ],
  },
  {
    ...english,
    weight: 12,
    language: 'en',
    countryCode: 'US',
    phonePrefix: '+1',
    cities: [
      ['Boston', '02108', 'MA'],
      ['Seattle', '98101', 'WA'],
      ['San José', '95113', 'CA'],
      ['Austin', '78701', 'TX'],
    ],
  },
  {
    ...english,
    weight: 2,
    language: 'en',
    countryCode: 'IE',
    phonePrefix: '+353',
    cities: [
      ['Dublin', 'D02 X285'],
      ['Cork', 'T12 W8DN'],
    ],
  },
  {
    weight: 6,
    language: 'es',
    countryCode: 'ES',
    phonePrefix: '+34',
    men: ['José', 'Ángel', 'Íñigo', 'Andrés', 'Raúl'],
    women: ['María', 'Lucía', 'Begoña', 'Ángela', 'Inés'],
    lastNames: ['García', 'Núñez', 'Peña', 'Martínez', 'Ibáñez'],
    titles: ['Sr.', 'Sra.'],
    streets: ['calle Mayor', 'avenida de la Constitución'],
    cities: [
      ['Málaga', '29001'],
      ['Logroño', '26001'],
      ['Cádiz', '11001'],
    ],
  },
  {
    weight: 4,
    language: 'it',
    countryCode: 'IT',
    phonePrefix: '+39',
    men: ['Niccolò', 'Matteo', 'Giosuè', 'Luca'],
    women: ['Giulia', 'Noemì', 'Chiara', 'Sofia'],
    lastNames: ['Rossi', "Dell'Acqua", 'Bonanni', 'Niccolì'],
    titles: ['Sig.', 'Sig.ra'],
    streets: ['via Garibaldi', 'piazza della Libertà'],
    cities: [
      ['Forlì', '47121'],
      ['Torino', '10121'],
    ],
  },
  {
    weight: 2,
    language: 'sv',
    countryCode: 'SE',
    phonePrefix: '+46',
    men: ['Åke', 'Björn', 'Göran', 'Nils'],
    women: ['Åsa', 'Märta', 'Linnéa', 'Ebba'],
    lastNames: ['Sjöberg', 'Åström', 'Lindqvist', 'Öberg'],
    titles: ['Herr', 'Fru'],
    streets: ['Storgatan', 'Södra vägen'],
    cities: [
      ['Malmö', '211 20'],
      ['Göteborg', '411 03'],
    ],
  },
  {
    weight: 2,
    language: 'pl',
    countryCode: 'PL',
    phonePrefix: '+48',
    men: ['Łukasz', 'Paweł', 'Michał'],
    women: ['Małgorzata', 'Zofia', 'Żaneta'],
    lastNames: ['Wiśniewski', 'Wójcik', 'Żółkiewski'],
    titles: ['Pan', 'Pani'],
    streets: ['ulica Długa', 'aleja Róż'],
    cities: [
      ['Łódź', '90-001'],
      ['Kraków', '31-001'],
    ],
  },
  {
    weight: 1,
    language: 'ja',
    countryCode: 'JP',
    phonePrefix: '+81',
    men: ['健太', '翔'],
    women: ['さくら', '美咲'],
    lastNames: ['佐藤', '鈴木', '髙橋'],
    titles: ['様', '様'],
    streets: ['中央通り'],
    cities: [
      ['東京', '100-0001'],
      ['大阪', '530-0001'],
    ],
  },
];

/** Reserved domains: no message to them can ever reach anyone. */
export const emailDomains = [
  { weight: 35, name: 'example.com' },
  { weight: 20, name: 'example.org' },
  { weight: 15, name: 'example.net' },
  { weight: 10, name: 'mail.example.com' },
  { weight: 8, name: 'boutique.example.net' },
  { weight: 7, name: 'nordwind.example' },
  { weight: 5, name: 'university.example' },
] as const;

/** The local part of an address: letters without accents. */
export function toEmailName(name: string): string {
  return name
    .replace(/ß/g, 'ss')
    .replace(/[łŁ]/g, 'l')
    .normalize('NFD')
    .replace(/[^A-Za-z-]/g, '')
    .toLowerCase();
}
