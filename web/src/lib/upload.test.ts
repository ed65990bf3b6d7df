import { afterEach, describe, expect, it, vi } from 'vitest';
import { sendFile } from './upload';

const MIB = 1024 * 1024;

/** A server that holds what arrived, and fails at the requests named in `breaks` (counted from 0). */
function fakeServer(breaks: readonly number[] = []) {
  const state = { held: 0, requests: [] as string[] };
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    const index = state.requests.length;
    const headers = new Headers(init.headers);
    state.requests.push(`${init.method} ${headers.get('Upload-Offset') ?? ''}`.trim());
    if (breaks.includes(index)) throw new TypeError('network');
    if (init.method === 'PATCH') {
      if (Number(headers.get('Upload-Offset')) !== state.held) return new Response(null, { status: 409 });
      state.held += (init.body as Blob).size;
    }
    return new Response(null, { status: init.method === 'HEAD' ? 200 : 204, headers: { 'Upload-Offset': String(state.held) } });
  });
  return state;
}

const send = (size: number, signal = new AbortController().signal, resuming = false) => {
  const seen: number[] = [];
  const done = sendFile({
    url: '/v1/uploads/1',
    file: new Blob([new Uint8Array(size)]),
    signal,
    resuming,
    onProgress: (progress) => seen.push(progress.sentBytes),
    now: () => 0,
    pause: async () => undefined,
  });
  return { done, seen };
};

afterEach(() => vi.unstubAllGlobals());

describe('sendFile', () => {
  it('sends parts of 8 MiB and reports each', async () => {
    const server = fakeServer();
    const { done, seen } = send(17 * MIB);
    await done;
    expect(server.requests).toEqual(['PATCH 0', `PATCH ${8 * MIB}`, `PATCH ${16 * MIB}`]);
    expect(seen).toEqual([8 * MIB, 16 * MIB, 17 * MIB]);
  });

  it('asks how much arrived after a lost connection and goes on from there', async () => {
    const server = fakeServer([1]);
    await send(17 * MIB).done;
    expect(server.requests).toEqual(['PATCH 0', `PATCH ${8 * MIB}`, 'HEAD', `PATCH ${8 * MIB}`, `PATCH ${16 * MIB}`]);
    expect(server.held).toBe(17 * MIB);
  });

  it('asks first when it goes on with an upload', async () => {
    const server = fakeServer();
    server.held = 8 * MIB;
    await send(17 * MIB, new AbortController().signal, true).done;
    expect(server.requests).toEqual(['HEAD', `PATCH ${8 * MIB}`, `PATCH ${16 * MIB}`]);
  });

  it('takes the server’s word where offsets differ', async () => {
    const server = fakeServer();
    server.held = 3;
    await send(10).done;
    expect(server.requests[0]).toBe('PATCH 0');
    expect(server.held).toBe(10);
  });

  it('gives up in words when parts never arrive although questions do', async () => {
    vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
      if (init.method === 'PATCH') throw new TypeError('network');
      return new Response(null, { status: 200, headers: { 'Upload-Offset': '0' } });
    });
    await expect(send(10).done).rejects.toThrow(/connection was lost/);
  });

  it('does not repeat what the server refuses', async () => {
    const fetches = vi.fn(async () => new Response(null, { status: 413 }));
    vi.stubGlobal('fetch', fetches);
    await expect(send(10).done).rejects.toThrow(/larger than this server takes/);
    expect(fetches).toHaveBeenCalledOnce();
  });

  it('goes on after a part that broke off on its way', async () => {
    const server = fakeServer();
    const whole = globalThis.fetch;
    let first = true;
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (!first) return whole(url, init);
      first = false;
      server.held = 4;
      return new Response(null, { status: 400, headers: { 'Upload-Offset': '4' } });
    });
    await send(10).done;
    expect(server.requests).toEqual(['HEAD', 'PATCH 4']);
    expect(server.held).toBe(10);
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    vi.stubGlobal('fetch', async () => {
      controller.abort();
      throw new DOMException('aborted', 'AbortError');
    });
    await expect(send(10, controller.signal).done).rejects.toThrow('aborted');
  });
});
