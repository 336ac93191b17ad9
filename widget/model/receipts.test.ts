import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ChatError } from '../client/failure.ts';
import { createReceipts, type Marks } from './receipts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const someReceipts = (answer: () => void = () => {}) => {
  const line = { connected: true };
  const sent: [string, Marks][] = [];
  const receipts = createReceipts({
    connected: () => line.connected,
    async send(conversationId, marks) {
      sent.push([conversationId, marks]);
      answer();
    },
  });
  return { receipts, line, sent };
};

test('marks of a moment go out as one, the farthest', async () => {
  const { receipts, sent } = someReceipts();
  receipts.mark('c', { deliveredSeq: 3 });
  receipts.mark('c', { readSeq: 2 });
  receipts.mark('c', { deliveredSeq: 5 });
  await vi.runAllTimersAsync();
  expect(sent).toEqual([['c', { deliveredSeq: 5, readSeq: 2 }]]);
});

test('nothing is said twice, and nothing lower than before', async () => {
  const { receipts, sent } = someReceipts();
  receipts.mark('c', { readSeq: 5 });
  await vi.runAllTimersAsync();
  receipts.mark('c', { readSeq: 5 });
  receipts.mark('c', { deliveredSeq: 4 });
  await vi.runAllTimersAsync();
  expect(sent).toEqual([['c', { deliveredSeq: 5, readSeq: 5 }]]);
});

test('marks wait for the line', async () => {
  const { receipts, line, sent } = someReceipts();
  line.connected = false;
  receipts.mark('c', { readSeq: 5 });
  receipts.mark('d', { deliveredSeq: 1 });
  await vi.runAllTimersAsync();
  expect(sent).toEqual([]);
  line.connected = true;
  receipts.resume();
  await vi.runAllTimersAsync();
  expect(sent.map(([id]) => id)).toEqual(['c', 'd']);
});

test('told to slow down it waits as long; a final refusal is not repeated', async () => {
  const answers = ['rate_limited', undefined, 'not_found'] as const;
  let turn = 0;
  const { receipts, sent } = someReceipts(() => {
    const code = answers[turn++];
    if (code) throw new ChatError({ code, message: 'no', ...(code === 'rate_limited' && { retryAfterMs: 2000 }) });
  });
  receipts.mark('c', { readSeq: 5 });
  await vi.advanceTimersByTimeAsync(2000);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(500);
  expect(sent).toHaveLength(2);
  receipts.mark('gone', { readSeq: 1 });
  await vi.runAllTimersAsync();
  receipts.mark('gone', { readSeq: 1 });
  await vi.runAllTimersAsync();
  expect(sent).toHaveLength(3);
});

test('of another database nothing was said yet', async () => {
  const { receipts, sent } = someReceipts();
  receipts.mark('c', { readSeq: 95 });
  await vi.runAllTimersAsync();
  receipts.reset();
  receipts.mark('c', { readSeq: 91 });
  await vi.runAllTimersAsync();
  expect(sent.at(-1)).toEqual(['c', { deliveredSeq: 91, readSeq: 91 }]);
});
