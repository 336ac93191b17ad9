import { describe } from 'vitest';
import { driveWebKit } from '../support/driver-webkit.ts';
import { findWebKit } from '../support/webkit.ts';
import { aHouse } from './house.ts';
import { lastingJourneys } from './journeys.ts';

describe.skipIf(findWebKit() === undefined)('in WebKit', () => {
  lastingJourneys(aHouse(driveWebKit));
});
