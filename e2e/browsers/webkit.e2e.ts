import { describe, expect, test } from 'vitest';
import { composer } from '../support/driver-hand.ts';
import { driveWebKit } from '../support/driver-webkit.ts';
import { findWebKit } from '../support/webkit.ts';
import { aHouse } from './house.ts';
import { chatJourneys } from './journeys.ts';

describe.skipIf(findWebKit() === undefined)('in WebKit', () => {
  const house = aHouse(driveWebKit);
  chatJourneys(house);

  test('without WebRTC nothing offers a call, a page that begins one is told why, and nobody is rung up', async () => {
    const [liv, max] = await Promise.all([house().arrive('Liv'), house().arrive('Max')]);
    await liv.writeTo(max.name);
    await liv.sees({ role: 'button', name: 'Details', in: { tag: 'teatime-conversation-header' } });
    // What shows calls is there as soon as they could be offered.
    await liv.until(() => customElements.get('teatime-call-buttons') !== undefined);
    expect(await liv.tab.evaluate(() => 'RTCPeerConnection' in window)).toBe(false);
    const refusal = await liv.tab.evaluate(async () => {
      const chat = document.querySelector('#chat') as HTMLElement & {
        readonly conversation: string;
        startCall(target: string): Promise<void>;
      };
      return chat.startCall(chat.conversation).catch((error: unknown) => String(error));
    });
    expect(refusal).toContain('unable to call; this browser has no WebRTC');
    expect(await liv.count({ role: 'button', name: 'Audio call' })).toBe(0);
    expect(await house().server.query('select from calls')).toEqual([]);
    const found = await liv.tab.evaluate(async () => {
      const chat = document.querySelector('#chat') as HTMLElement & {
        diagnose(): Promise<{ check: string; code: string }[]>;
      };
      return (await chat.diagnose()).filter(({ check }) => check === 'ice').map(({ code }) => code);
    });
    expect(found).toEqual(['unsupported']);
    await liv.say('Let us write, then');
    await liv.sees(composer);
  }, 120_000);
});
