import { describe, expect, it } from 'vitest';
import { sendForm, sendParts } from './directUpload';
import type { Body } from './sendBody';

/** A store that answers with these statuses in turn ('break': the connection does), then with 200. */
function fakeStore(answers: (number | 'break')[] = []) {
  const bodies: Body[] = [];
  const send = async (body: Body) => {
    bodies.push(body);
    const answer = answers.shift() ?? 200;
    if (answer === 'break') throw new TypeError('broken');
    body.onSent(body.body instanceof Blob ? body.body.size : 10);
    return answer;
  };
  return { bodies, send };
}

function common(size: number, store: ReturnType<typeof fakeStore>) {
  const seen: number[] = [];
  return {
    seen,
    file: new Blob([new Uint8Array(size)]),
    signal: new AbortController().signal,
    onProgress: (progress: { sentBytes: number }) => void seen.push(progress.sentBytes),
    now: () => 0,
    pause: async () => undefined,
    send: store.send,
  };
}

const form = { url: 'https://store.example/files', fields: [{ name: 'key', value: 'k' }, { name: 'policy', value: 'p' }] };

describe('sendForm', () => {
  it('posts the fields in order and the file last, under a name of its own', async () => {
    const store = fakeStore([204]);
    const options = common(10, store);
    await sendForm({ ...options, askForm: async () => form });
    const body = store.bodies[0]?.body as FormData;
    expect([...body.keys()]).toEqual(['key', 'policy', 'file']);
    expect((body.get('file') as File).name).toBe('file');
    expect(options.seen.at(-1)).toBe(10);
  });

  it('asks for a fresh form after a broken connection and an expired one', async () => {
    const store = fakeStore(['break', 403, 503, 204]);
    let asked = 0;
    await sendForm({ ...common(10, store), askForm: async () => ((asked += 1), form) });
    expect(asked).toBe(4);
  });

  it('does not repeat what the store refuses, and gives up in words', async () => {
    const store = fakeStore([400]);
    await expect(sendForm({ ...common(10, store), askForm: async () => form })).rejects.toThrow(/refused the file/);
    expect(store.bodies).toHaveLength(1);
    const busy = fakeStore(Array.from({ length: 9 }, () => 503));
    await expect(sendForm({ ...common(10, busy), askForm: async () => form })).rejects.toThrow(/again and again/);
    expect(busy.bodies).toHaveLength(6);
  });
});

describe('sendParts', () => {
  const signPart = async (number: number) => ({ number, url: `https://store.example/${number}` });

  it('sends the parts that are missing, each with its size', async () => {
    const store = fakeStore();
    const options = common(25, store);
    await sendParts({ ...options, partBytes: 10, there: [1], signPart });
    expect(store.bodies.map(({ url, body }) => [url, (body as Blob).size])).toEqual([
      ['https://store.example/2', 10],
      ['https://store.example/3', 5],
    ]);
    expect(options.seen[0]).toBe(10);
    expect(options.seen.at(-1)).toBe(25);
  });

  it('signs a fresh link for each attempt', async () => {
    const store = fakeStore(['break', 403]);
    const signed: number[] = [];
    const sign = (number: number) => (signed.push(number), signPart(number));
    await sendParts({ ...common(10, store), partBytes: 10, there: [], signPart: sign });
    expect(signed).toEqual([1, 1, 1]);
  });

  it('ends with the words of a link that cannot be had', async () => {
    const sign = async () => Promise.reject(new Error('There is no such open upload.'));
    await expect(sendParts({ ...common(25, fakeStore()), partBytes: 10, there: [], signPart: sign })).rejects.toThrow(/no such open upload/);
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const options = { ...common(100, fakeStore()), signal: controller.signal };
    let sent = 0;
    const send = async () => {
      sent += 1;
      controller.abort();
      throw new DOMException('aborted', 'AbortError');
    };
    await expect(sendParts({ ...options, send, partBytes: 10, there: [], signPart })).rejects.toThrow('aborted');
    expect(sent).toBeLessThanOrEqual(3);
  });
});
