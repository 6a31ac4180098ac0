using System.Text.Json;

namespace Salus.Browser.Tests.Browsing;

/// <summary>Everything that a browser keeps for the page.</summary>
/// <param name="Text">Local and session storage, names of databases and caches, cookies, the address, the history's state, and the document.</param>
/// <param name="Files">The files of the private file system, by path.</param>
internal sealed record Storage(string Text, IReadOnlyDictionary<string, byte[]> Files)
{
    private const string Script =
        """
        async () => {
          const base64 = bytes => {
            let text = ''
            for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768))
            return btoa(text)
          }
          const files = {}
          const walk = async (folder, path) => {
            for await (const [name, handle] of folder.entries())
              if (handle.kind === 'directory') await walk(handle, `${path}/${name}`)
              else files[`${path}/${name}`] = base64(new Uint8Array(await (await handle.getFile()).arrayBuffer()))
          }
          await walk(await navigator.storage.getDirectory(), '')
          const databases = await Promise.all((await indexedDB.databases()).map(({ name }) => new Promise(resolve => {
            const asked = indexedDB.open(name)
            asked.onerror = () => resolve(name)
            asked.onsuccess = async () => {
              const database = asked.result
              const all = await Promise.all([...database.objectStoreNames].map(store => new Promise(done => {
                const rows = database.transaction(store).objectStore(store).getAll()
                rows.onsuccess = () => done(rows.result)
                rows.onerror = () => done(null)
              })))
              database.close()
              resolve([name, all])
            }
          })))
          const caches = []
          for (const name of await globalThis.caches.keys()) {
            const cache = await globalThis.caches.open(name)
            for (const request of await cache.keys()) caches.push(name, request.url, await (await cache.match(request)).text())
          }
          const text = JSON.stringify([
            { ...localStorage }, { ...sessionStorage }, databases, caches, document.cookie, location.href, history.state, performance.getEntriesByType('resource').map(entry => entry.name),
          ])
          return JSON.stringify({ text: text + document.documentElement.outerHTML, files })
        }
        """;

    public static async Task<Storage> OfAsync(Visitor visitor)
    {
        var kept = JsonSerializer.Deserialize<Kept>(await visitor.Page.EvaluateAsync<string>(Script), JsonSerializerOptions.Web)!;
        return new Storage(kept.Text, kept.Files.ToDictionary(file => file.Key, file => Convert.FromBase64String(file.Value)));
    }

    private sealed record Kept(string Text, Dictionary<string, string> Files);
}
