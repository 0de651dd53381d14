import type { Method } from '../soap/method.ts';
import { builderMethods } from './builderMethods.ts';
import { deliveryMethods } from './deliveryMethods.ts';
import { entityMethods } from './entityMethods.ts';
import { eventMethods } from './eventMethods.ts';
import { duplicateMethods } from './duplicateMethods.ts';
import { externalTableMethods } from './externalTableMethods.ts';
import { folderMethods } from './folderMethods.ts';
import { jobMethods } from './jobMethods.ts';
import { packageMethods } from './packageMethods.ts';
import { platformMethods } from './platformMethods.ts';
import { queryMethods } from './queryMethods.ts';
import { sessionMethods } from './sessionMethods.ts';
import { stagingMethods } from './stagingMethods.ts';
import { subscriptionMethods } from './subscriptionMethods.ts';
import { workflowMethods } from './workflowMethods.ts';
import { writeMethods } from './writeMethods.ts';

/** Every method the sandbox answers. */
export const allMethods: readonly Method[] = [
  ...sessionMethods,
  ...queryMethods,
  ...entityMethods,
  ...writeMethods,
  ...duplicateMethods,
  ...stagingMethods,
  ...jobMethods,
  ...workflowMethods,
  ...builderMethods,
  ...packageMethods,
  ...externalTableMethods,
  ...folderMethods,
  ...subscriptionMethods,
  ...eventMethods,
  ...platformMethods,
  ...deliveryMethods,
];
