import { firstId, type DemoContext, type DemoRow } from './demoContext.ts';
import { cultures } from './people.ts';
import { Random } from './random.ts';

/** What the rows of recipients refer to. */
export interface Shop {
  storeIds: number[];
  products: { id: number; price: number }[];
}

const productNames: Readonly<Record<string, readonly string[]>> = {
  home: ['Lampe « Lumière »', 'Armchair Björk', 'Coat rack', 'Mirror 60 × 90', 'Vase Éclat', 'Candle holder'],
  garden: ['Deck chair', 'Gießkanne 10 l', 'Parasol', 'Planter & stand', 'Hammock', 'Bird house'],
  kitchen: ['Cocotte 24 cm', 'Crêpe pan', 'Knife set', 'Salad bowl', 'Teapot “Sakura 桜”', 'Kaffeemühle'],
  textile: ['Bath towel', 'Couette 220 × 240', 'Cushion', 'Plaid', 'Rideaux occultants', 'Table cloth'],
  toys: ['Wooden train', 'Puzzle 1,000 pieces', 'Doudou lapin', 'Kite', 'Memory', 'Building bricks'],
};

const finishes = ['oak', 'white', 'bleu nuit', 'terracotta'];

/** 24 stores and 60 products. Stores are managed by the first recipients, if there are that many. */
export function* shopRows(context: DemoContext, recipientCount: number, shop: Shop): Generator<DemoRow> {
  yield* storeRows(context, recipientCount, shop);
  yield* productRows(context, shop);
}

function* storeRows(context: DemoContext, recipientCount: number, shop: Shop): Generator<DemoRow> {
  const random = new Random('stores');
  const places = cultures.flatMap(({ cities, countryCode, streets }) =>
    cities.map(([city, zipCode]) => ({ city, zipCode, countryCode, streets })),
  );
  for (let i = 0; i < 24; i++) {
    const { city, zipCode, countryCode, streets } = places[i % places.length]!;
    const id = context.newId('CusStoreId');
    const isWeb = i === 23;
    shop.storeIds.push(id);
    yield {
      schemaId: 'cus:store',
      row: {
        '@id': id,
        '@code': `ST${String(i + 1).padStart(3, '0')}`,
        '@label': isWeb ? 'Web shop' : `Maison Exemple ${city}`,
        '@type': isWeb ? 3 : random.integer(0, 2),
        '@openingDate': context.date(random.integer(100, 4000)),
        '@surface': isWeb ? 0 : random.integer(120, 900),
        '@email': `store${i + 1}@example.com`,
        '@active': i === 7 ? 0 : 1,
        'address/@street': `${random.integer(1, 140)}, ${random.pick(streets)}`,
        'address/@zipCode': zipCode,
        'address/@city': city,
        'address/@countryCode': countryCode,
        '@manager-id': i < recipientCount ? firstId + i : 0,
        '@created': context.instant(900 - i),
        '@lastModified': context.instant(60 + i),
        data: isWeb
          ? '<store/>'
          : '<store><openingHours day="1" from="10:00" to="19:00"/><openingHours day="6" from="09:30" to="20:00"/></store>',
      },
    };
  }
}

/** Prices end in .49 or .99, so that they and their multiples have two decimals and columns of them line up. */
const shopPrice = (cents: number): number =>
  (Math.floor(cents / 100) * 100 + (cents % 2 === 0 ? 49 : 99)) / 100;

function* productRows(context: DemoContext, shop: Shop): Generator<DemoRow> {
  const random = new Random('products');
  const names = Object.entries(productNames).flatMap(([category, labels]) =>
    labels.map((label) => ({ category, label })),
  );
  for (let i = 0; i < 60; i++) {
    const { category, label } = names[i % names.length]!;
    const id = context.newId('CusProductId');
    const price = shopPrice(random.integer(690, 24_900));
    const earlier = shop.products.at(-names.length);
    shop.products.push({ id, price });
    const finish = i < names.length ? '' : ` (${finishes[i % finishes.length]!})`;
    yield {
      schemaId: 'cus:product',
      row: {
        '@id': id,
        '@sku': `${category.slice(0, 2).toUpperCase()}-${String(1000 + i)}`,
        '@label': label + finish,
        '@category': category,
        '@price': price,
        '@launchDate': context.date(random.integer(5, 1200)),
        '@discontinued': i % 17 === 16 ? 1 : 0,
        '@replacement-id': i >= names.length && i % 5 === 0 ? earlier!.id : 0,
        '@created': context.instant(800 - i),
        '@lastModified': context.instant(45 + i),
        description: `${label}: available in store & on the web.\nRéf. ${1000 + i}`,
      },
    };
  }
}
