/**
 * Hands on what is told. Resolves once nothing can be missed any more.
 *
 * @param stale called when all of it is to be looked at afresh, also when nothing will be heard any more
 * @throws where it cannot be listened to
 */
export const listen = <T extends { kind: string }>(
  news: AsyncIterable<T | { kind: 'look' }>,
  heard: (news: T) => void,
  stale: () => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    let listening = false;
    const hear = async () => {
      for await (const one of news) {
        if (one.kind !== 'look') heard(one as T);
        else if (listening) stale();
        else {
          listening = true;
          resolve();
        }
      }
    };
    hear().then(stale, (error: unknown) => {
      reject(error);
      stale();
    });
  });
