import type { Schema } from '../../../core/schema/schema.ts';
import type { Instance } from '../instance.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { attribute, elements } from '../xml/element.ts';

/**
 * Refuses a write that the schema's `sysFilter` forbids to the caller: a condition that says FALSE and whose `enabledIf`
 * holds. @throws CampaignFailure.
 */
export function checkAccess(instance: Instance, schema: Schema, filter: 'writeAccess'): void {
  for (const element of instance.model.systemFilters(schema.id)) {
    if (attribute(element, 'name') !== filter) continue;
    for (const condition of elements(element, 'condition')) {
      const enabledIf = attribute(condition, 'enabledIf');
      const isFalse = attribute(condition, 'expr').trim().toUpperCase() === 'FALSE';
      if (isFalse && (enabledIf === '' || instance.isEnabled(enabledIf))) {
        throw new CampaignFailure(`You do not have the right to write documents of type '${schema.id}'.`);
      }
    }
  }
}
