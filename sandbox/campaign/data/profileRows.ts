import type { DemoContext, DemoRow, DemoValue } from './demoContext.ts';
import type { Deliveries, SentDelivery } from './deliveryRows.ts';
import { cultures, emailDomains, toEmailName, type Culture } from './people.ts';
import { Random } from './random.ts';
import { groupNames, serviceNames } from './marketingRows.ts';
import type { Shop } from './shopRows.ts';

interface Profile {
  id: number;
  email: string | null;
  createdDaysAgo: number;
  points: number;
  number: string;
}

/** Values of `nms:broadLogMsg:failureReason` and the text of the message. */
const failures = [
  { weight: 5, reason: 1, type: 3, text: '550 5.1.1 User unknown' },
  { weight: 3, reason: 5, type: 2, text: '452 4.2.2 Mailbox full – boîte pleine' },
  { weight: 2, reason: 3, type: 2, text: 'Server unreachable' },
  { weight: 1, reason: 20, type: 3, text: '554 Message refused <policy>' },
] as const;

const browsers = ['Firefox', 'Chrome', 'Safari', 'Outlook', 'Thunderbird'];

/**
 * Recipients, each followed by what hangs on it: subscriptions, groups, card, purchases, propositions, delivery logs
 * and tracking logs. Per recipient about 0.6 purchases, 1 delivery log, 0.5 tracking logs.
 */
export function* profileRows(
  context: DemoContext,
  count: number,
  shop: Shop,
  deliveries: Deliveries,
): Generator<DemoRow> {
  const messages = failures.map(({ text, reason, type }, index) => ({
    id: context.newId('NmsBroadLogId'),
    row: {
      '@text': text,
      '@md5': `d${String(index).padStart(31, '0')}`,
      '@failureReason': reason,
      '@failureType': type,
      '@lastModified': context.instant(100 + index),
    },
  }));
  for (const { id, row } of messages) yield { schemaId: 'nms:broadLogMsg', row: { '@id': id, ...row } };
  const random = new Random('profiles');
  const logs = new LogWriter(
    context,
    deliveries.sent,
    messages.map(({ id }) => id),
  );
  let previousEmail: string | null = null;
  for (let index = 0; index < count; index++) {
    const profile = createProfile(context, random, index, shop, previousEmail);
    previousEmail = profile.email;
    yield { schemaId: 'nms:recipient', row: profile.row };
    yield* subscriptionRows(context, random, profile);
    yield* purchaseRows(context, random, profile, shop);
    yield* logs.rowsOf(profile);
  }
}

function createProfile(
  context: DemoContext,
  random: Random,
  index: number,
  shop: Shop,
  previousEmail: string | null,
): Profile & { row: Record<string, DemoValue> } {
  const culture = random.pickWeighted(cultures);
  const isWoman = random.chance(0.54);
  const firstName = random.pick(isWoman ? culture.women : culture.men);
  const lastName = random.pick(culture.lastNames);
  const [city, zipCode, stateCode] = random.pick(culture.cities);
  const number = String(100_000 + index);
  // One in 200 has the address of the recipient before: duplicates to find and merge.
  const isDuplicate = random.chance(0.005);
  const ownEmail = random.chance(0.02) ? null : emailOf(random, firstName, lastName, number);
  const email = isDuplicate ? previousEmail : ownEmail;
  const isMember = random.chance(0.35);
  const points = isMember ? random.integer(0, random.chance(0.2) ? 2500 : 600) : 0;
  const isPlaceKnown = random.chance(0.98);
  const createdDaysAgo = 1 + random.fraction() * 1800;
  const id = context.newId('NmsRecipientId');
  const row: Record<string, DemoValue> = {
    '@id': id,
    '@account': random.chance(0.1) ? `A${random.digits(6)}` : null,
    '@salutation': random.chance(0.9) ? culture.titles[isWoman ? 1 : 0] : null,
    '@firstName': firstName,
    '@lastName': lastName,
    '@birthDate': random.chance(0.9) ? context.date(random.integer(18 * 365, 85 * 365)) : null,
    '@gender': random.chance(0.95) ? (isWoman ? 2 : 1) : 0,
    '@language': culture.language,
    '@company': random.chance(0.15)
      ? `${lastName} & ${random.pick(['fils', 'Söhne', 'Co.', 'Partners'])}`
      : null,
    '@email': email,
    '@emailFormat': random.chance(0.8) ? 2 : random.integer(0, 1),
    '@phone': random.chance(0.4) ? phoneOf(random, culture) : null,
    '@mobilePhone': random.chance(0.6) ? phoneOf(random, culture) : null,
    '@status': random.chance(0.6) ? 1 : random.chance(0.8) ? 0 : 2,
    '@origin': random.pick(['shop', 'store', 'partner', 'import', 'survey']),
    '@blackList': random.chance(0.04) ? 1 : 0,
    '@blackListEmail': random.chance(0.06) ? 1 : 0,
    '@blackListMobile': random.chance(0.05) ? 1 : 0,
    '@blackListPhone': random.chance(0.1) ? 1 : 0,
    '@blackListPostalMail': random.chance(0.08) ? 1 : 0,
    'location/@address3': `${random.integer(1, 180)} ${random.pick(culture.streets)}`,
    'location/@zipCode': zipCode,
    'location/@city': city,
    'location/@stateCode': isPlaceKnown ? (stateCode ?? null) : null,
    'location/@countryCode': isPlaceKnown ? culture.countryCode : 'XX',
    '@folder-id': context.idOf(
      'xtk:folder',
      random.chance(0.94) ? 'nmsRootFolder' : random.chance(0.9) ? 'nmsPartners' : 'nmsTestProfiles',
    ),
    '@created': context.instant(createdDaysAgo),
    '@lastModified': context.instant(createdDaysAgo * random.fraction()),
    '@createdBy-id': context.idOf('xtk:operator', 'internal'),
    '@modifiedBy-id': context.idOf('xtk:operator', random.chance(0.5) ? 'internal' : 'shop-api'),
    '@customerId': `C${number}`,
    '@loyaltyNumber': isMember ? `L${number}${random.digits(3)}` : null,
    '@loyaltyPoints': points,
    '@loyaltyTier': !isMember ? 0 : points >= 1000 ? 3 : points >= 400 ? 2 : 1,
    '@optInDate': random.chance(0.8) ? context.instant(createdDaysAgo) : null,
    '@favoriteStore-id': random.chance(0.7) ? random.pick(shop.storeIds) : 0,
    data: random.chance(0.3) ? preferences(random) : null,
  };
  return { id, email, createdDaysAgo, points, number, row };
}

function emailOf(random: Random, firstName: string, lastName: string, number: string): string {
  const name = [toEmailName(firstName), toEmailName(lastName)].filter((part) => part !== '').join('.');
  return `${name === '' ? 'user' : name}${number.slice(1)}@${random.pickWeighted(emailDomains).name}`;
}

function phoneOf(random: Random, { phonePrefix }: Culture): string {
  return `${phonePrefix} ${random.integer(1, 9)} ${random.digits(2)} ${random.digits(2)} ${random.digits(2)} ${random.digits(2)}`;
}

function preferences(random: Random): string {
  const interests = ['home', 'garden', 'kitchen', 'textile', 'toys'].filter(() => random.chance(0.4));
  const items = interests
    .map((name) => `<interest name="${name}" score="${random.integer(1, 10)}"/>`)
    .join('');
  const frequency = random.pick(['weekly', 'monthly', 'rarely']);
  const comment = random.chance(0.1) ? ' comment="Prefers e-mail &amp; no calls"' : '';
  return `<recipient${comment}><preferences frequency="${frequency}" preferredDay="${random.integer(1, 7)}">${items}</preferences></recipient>`;
}

function* subscriptionRows(context: DemoContext, random: Random, profile: Profile): Generator<DemoRow> {
  for (const service of serviceNames) {
    if (!random.chance(service === 'SVC_newsletter' ? 0.3 : 0.05)) continue;
    const serviceId = context.idOf('nms:service', service);
    const date = context.instant(profile.createdDaysAgo * random.fraction());
    const origin = random.pick(['shop', 'store', 'import']);
    const keys = { '@service-id': serviceId, '@recipient-id': profile.id };
    const isActive = random.chance(0.9);
    if (isActive) {
      const row = {
        ...keys,
        '@creationDate': date,
        '@expirationDate': null,
        '@origin': origin,
        '@delivery-id': 0,
      };
      yield { schemaId: 'nms:subscription', row };
    }
    const event = { '@date': date, '@action': isActive ? 1 : 0, '@origin': origin };
    yield { schemaId: 'nms:subHisto', row: { '@id': context.newId(), ...event, ...keys } };
  }
  for (const group of groupNames) {
    if (!random.chance(0.03)) continue;
    const row = { '@recipient-id': profile.id, '@group-id': context.idOf('nms:group', group) };
    yield { schemaId: 'nms:rcpGrpRel', row };
  }
}

function* purchaseRows(
  context: DemoContext,
  random: Random,
  profile: Profile,
  shop: Shop,
): Generator<DemoRow> {
  if (profile.points > 0 && random.chance(0.8)) {
    yield {
      schemaId: 'cus:loyaltyCard',
      row: {
        '@number': `L${profile.number}`,
        '@issued': context.date(profile.createdDaysAgo),
        '@expires': context.date(profile.createdDaysAgo - 3650),
        '@blocked': random.chance(0.01) ? 1 : 0,
        '@recipient-id': profile.id,
        '@store-id': random.pick(shop.storeIds),
      },
    };
  }
  const count = random.chance(0.35) ? random.integer(1, 2) + (profile.points > 400 ? 2 : 0) : 0;
  for (let i = 0; i < count; i++) {
    const product = random.pick(shop.products);
    const quantity = random.chance(0.8) ? 1 : random.integer(2, 6);
    const daysAgo = Math.min(profile.createdDaysAgo, 700) * random.fraction();
    yield {
      schemaId: 'cus:purchase',
      row: {
        '@id': random.uuid(),
        '@orderNumber': `CMD-${profile.number}-${i + 1}`,
        '@purchaseDate': context.instant(daysAgo),
        '@channel': random.integer(0, 3),
        '@status': random.pickWeighted([
          { weight: 60, status: 'paid' },
          { weight: 30, status: 'shipped' },
          { weight: 7, status: 'returned' },
          { weight: 3, status: 'canceled' },
        ]).status,
        '@quantity': quantity,
        '@amount': Math.round(product.price * quantity * 100) / 100,
        '@voucher': random.chance(0.1) ? 'BIENVENUE10' : null,
        '@recipient-id': profile.id,
        '@store-id': random.pick(shop.storeIds),
        '@product-id': product.id,
        '@created': context.instant(daysAgo),
        '@lastModified': context.instant(daysAgo),
        comment: random.chance(0.05) ? 'Livrer après 18 h – sonner « Exemple » & attendre' : null,
      },
    };
  }
  if (random.chance(0.05)) {
    yield {
      schemaId: 'nms:propositionRcp',
      row: {
        '@id': context.newId(),
        '@eventDate': context.instant(60 * random.fraction()),
        '@status': random.pick([0, 1, 2, 3, 5]),
        '@rank': 1,
        '@weight': random.integer(1, 50),
        '@offer-id': context.idOf('nms:offer', `OFF_${random.integer(1, 4)}`),
        '@recipient-id': profile.id,
        '@delivery-id': 0,
      },
    };
  }
}

const minuteDays = 1 / 1440;

/** Writes the logs of recipients and counts them for the indicators of the deliveries. */
class LogWriter {
  private readonly random = new Random('logs');
  private readonly context: DemoContext;
  private readonly deliveries: readonly SentDelivery[];
  private readonly messageIds: readonly number[];

  constructor(context: DemoContext, deliveries: readonly SentDelivery[], messageIds: readonly number[]) {
    this.context = context;
    this.deliveries = deliveries;
    this.messageIds = messageIds;
  }

  *rowsOf(profile: Profile): Generator<DemoRow> {
    if (profile.email === null) return;
    const count = this.random.pickWeighted([
      { weight: 45, count: 0 },
      { weight: 30, count: 1 },
      { weight: 15, count: 2 },
      { weight: 10, count: 5 },
    ]).count;
    const chosen = new Set<SentDelivery>();
    for (let i = 0; i < count; i++) chosen.add(this.random.pick(this.deliveries));
    for (const delivery of chosen) {
      if (delivery.daysAgo < profile.createdDaysAgo) yield* this.message(profile.id, profile.email, delivery);
    }
  }

  private *message(recipientId: number, email: string, delivery: SentDelivery): Generator<DemoRow> {
    const { context, random } = this;
    const id = context.newId('NmsBroadLogId');
    const isSent = random.chance(0.95);
    const failure = isSent ? undefined : random.pickWeighted(failures.map((f, index) => ({ ...f, index })));
    const sentDaysAgo = delivery.daysAgo - random.fraction() * 90 * minuteDays;
    delivery.counts.processed++;
    delivery.counts[isSent ? 'success' : 'error']++;
    yield {
      schemaId: 'nms:broadLogRcp',
      row: {
        '@id': id,
        '@address': email,
        '@eventDate': context.instant(sentDaysAgo),
        '@status': isSent ? 1 : 2,
        '@failureReason': failure?.reason ?? 0,
        '@failureType': failure?.type ?? 0,
        '@lastModified': context.instant(sentDaysAgo),
        '@recipient-id': recipientId,
        '@delivery-id': delivery.id,
        '@msg-id': failure === undefined ? 0 : this.messageIds[failure.index]!,
        '@service-id': 0,
      },
    };
    if (isSent && delivery.isMail) yield* this.tracking(recipientId, id, delivery, sentDaysAgo);
  }

  private *tracking(
    recipientId: number,
    broadLogId: number,
    delivery: SentDelivery,
    sentDaysAgo: number,
  ): Generator<DemoRow> {
    const { random } = this;
    if (!random.chance(0.34)) return;
    const userAgent = random.pick(browsers);
    let daysAgo = sentDaysAgo - random.fraction() * Math.min(2, sentDaysAgo / 2);
    const log = (urlId: number): DemoRow => ({
      schemaId: 'nms:trackingLogRcp',
      row: {
        '@id': this.context.newId('NmsTrackingLogId'),
        '@logDate': this.context.instant(daysAgo),
        '@sourceType': 'mail',
        '@userAgent': userAgent,
        '@recipient-id': recipientId,
        '@delivery-id': delivery.id,
        '@url-id': urlId,
        '@broadLog-id': broadLogId,
      },
    });
    delivery.counts.recipientOpen++;
    yield log(delivery.urlIds.open);
    const clicks = random.chance(0.3) ? random.integer(1, 3) : 0;
    if (clicks > 0) delivery.counts.recipientClick++;
    for (let i = 0; i < clicks; i++) {
      daysAgo -= minuteDays * random.fraction();
      delivery.counts.totalRecipientClick++;
      yield log(random.pick(delivery.urlIds.clicks));
    }
    if (random.chance(0.02)) {
      delivery.counts.optOut++;
      yield log(delivery.urlIds.optOut);
    }
    if (random.chance(0.03)) yield log(delivery.urlIds.mirrorPage);
  }
}
