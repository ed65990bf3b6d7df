// One request that carries a body to the store of files itself. `fetch` does not say how much of a body has left; this does.

export type Body = {
  method: 'POST' | 'PUT';
  url: string;
  body: FormData | Blob;
  signal: AbortSignal;
  /** Bytes of the body that have left, its wrapping included. */
  onSent: (bytes: number) => void;
};

/** The status that was answered; throws a TypeError when the connection broke, as `fetch` does. */
export type SendBody = (body: Body) => Promise<number>;

/** A connection that moves nothing for so long, in milliseconds, is broken. */
const SILENCE = 60_000;

export const sendBody: SendBody = ({ method, url, body, signal, onSent }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let silence = 0;
    const stop = () => request.abort();
    const settle = (end: () => void) => {
      clearTimeout(silence);
      signal.removeEventListener('abort', stop);
      end();
    };
    const listen = () => {
      clearTimeout(silence);
      silence = window.setTimeout(stop, SILENCE);
    };
    request.open(method, url);
    request.upload.onprogress = (event) => {
      listen();
      onSent(event.loaded);
    };
    request.onload = () => settle(() => resolve(request.status));
    request.onerror = () => settle(() => reject(new TypeError('The connection broke.')));
    request.onabort = () =>
      settle(() => reject(signal.aborted ? new DOMException('aborted', 'AbortError') : new TypeError('The connection was silent.')));
    if (signal.aborted) {
      reject(new DOMException('aborted', 'AbortError'));
      return;
    }
    signal.addEventListener('abort', stop);
    listen();
    // A type of its own would be a header that nobody signed for.
    request.send(body instanceof Blob ? new Blob([body]) : body);
  });
