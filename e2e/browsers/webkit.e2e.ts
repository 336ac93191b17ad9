import { describe } from 'vitest';
import { driveWebKit } from '../support/driver-webkit.ts';
import { findWebKit } from '../support/webkit.ts';
import { chatJourneys } from './journeys.ts';

describe.skipIf(findWebKit() === undefined)('in WebKit', () => {
  chatJourneys(driveWebKit);
});
