import type { FieldDescription, SchemaDescription } from '../../../core/protocol/messages.ts';

function attribute(xpath: string, type: string, more: Partial<FieldDescription> = {}): FieldDescription {
  return { kind: 'attribute', name: xpath.split('/').at(-1)!, xpath, label: '', type, ...more };
}

/** A staging schema with one field of each kind that matters. */
export function createStagingSchema(options: { keyType?: string } = {}): SchemaDescription {
  return {
    id: 'cus:orderStg',
    label: 'Orders',
    fields: [
      attribute('@id', options.keyType ?? 'uuid', { label: 'Id' }),
      attribute('@number', 'string', { label: 'Order number', length: 10 }),
      attribute('@amount', 'double', { label: 'Amount' }),
      attribute('@count', 'byte'),
      attribute('@big', 'int64'),
      attribute('@paid', 'boolean'),
      attribute('@day', 'date'),
      attribute('@created', 'datetime'),
      attribute('@status', 'byte', { enumeration: 'status' }),
      attribute('@store-id', 'string'),
      {
        kind: 'element',
        name: 'location',
        xpath: 'location',
        label: 'Location',
        children: [attribute('location/@city', 'string', { label: 'City' })],
      },
      { kind: 'element', name: 'note', xpath: 'note', label: 'Note', type: 'memo' },
      { kind: 'link', name: 'store', xpath: 'store', label: 'Store', target: 'cus:store' },
    ],
    keys: [
      { name: 'id', label: '', primary: true, xpaths: ['@id'] },
      { name: 'number', label: '', primary: false, xpaths: ['@number'] },
    ],
    enumerations: [
      {
        name: 'status',
        label: '',
        values: [
          { name: 'open', value: '0', label: 'Open' },
          { name: 'closed', value: '1', label: 'Closed' },
        ],
      },
    ],
    methods: [],
  };
}
