// A wire between browser and server that can be cut and made slow: real connections, so that sockets and uploads feel it too.
import net from 'node:net';

/** Opens a port that leads to `target`, for example http://127.0.0.1:8080. */
export async function openWire(target) {
  const { hostname, port } = new URL(target);
  const pairs = new Set();
  let isCut = false;
  let bytesPerSecond = Infinity;
  let sentUp = 0;

  const server = net.createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = net.connect(Number(port), hostname);
    const pair = { near, far };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const one of [near, far]) one.on('error', end).on('close', end);
    far.pipe(near);
    near.on('data', (chunk) => {
      sentUp += chunk.length;
      if (!far.write(chunk)) {
        near.pause();
        far.once('drain', () => near.resume());
      }
      if (bytesPerSecond === Infinity) return;
      near.pause();
      setTimeout(() => near.resume(), (1000 * chunk.length) / bytesPerSecond);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Bytes that went to the server so far. */
    sentUp: () => sentUp,
    /** Ends what is open and lets nothing in until `mend`. */
    cut() {
      isCut = true;
      for (const { near, far } of pairs) {
        near.destroy();
        far.destroy();
      }
    },
    mend() {
      isCut = false;
    },
    /** How fast each connection may send to the server. */
    slow(limit) {
      bytesPerSecond = limit;
    },
    close() {
      this.cut();
      server.close();
    },
  };
}
