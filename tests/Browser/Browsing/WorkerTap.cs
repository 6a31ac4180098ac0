using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Salus.Browser.Tests.Browsing;

/// <summary>One message between the page and its worker: JSON, with the bytes of files and of secrets taken out of it.</summary>
internal sealed record WorkerMessage(bool IsFromWorker, string Json, IReadOnlyList<byte[]> Bytes)
{
    public IEnumerable<byte[]> Pieces => [Encoding.UTF8.GetBytes(Json), .. Bytes];
}

/// <summary>Listens to everything that goes into a worker of the page and comes out of it, and counts the workers that live. Put in before the page is loaded.</summary>
internal sealed class WorkerTap
{
    private const string Script =
        """
        (() => {
          const workers = globalThis.tappedWorkers = []
          const base64 = bytes => {
            let text = ''
            for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768))
            return btoa(text)
          }
          const hear = async (fromWorker, message) => {
            const blobs = [], bytes = []
            const json = JSON.stringify(message, (_, value) => {
              if (value instanceof Blob) { blobs.push(value); return '$blob' }
              if (value instanceof ArrayBuffer) { bytes.push(base64(new Uint8Array(value))); return '$bytes' }
              if (ArrayBuffer.isView(value)) { bytes.push(base64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))); return '$bytes' }
              return value
            })
            for (const blob of blobs) bytes.push(base64(new Uint8Array(await blob.arrayBuffer())))
            await globalThis.workerMessage(fromWorker, json, bytes)
          }
          const { postMessage, terminate } = Worker.prototype
          const onmessage = Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage')
          const tap = worker => {
            if (workers.includes(worker)) return
            workers.push(worker)
            worker.addEventListener('message', event => { void hear(true, event.data) })
          }
          Worker.prototype.postMessage = function (message, ...rest) { tap(this); void hear(false, message); return postMessage.call(this, message, ...rest) }
          Worker.prototype.terminate = function () { this.ended = true; return terminate.call(this) }
          Object.defineProperty(Worker.prototype, 'onmessage', { ...onmessage, set(handler) { tap(this); onmessage.set.call(this, handler) } })
        })()
        """;

    private readonly ConcurrentQueue<WorkerMessage> _messages = [];

    public IReadOnlyCollection<WorkerMessage> Messages => _messages;

    public static async Task<WorkerTap> IntoAsync(Visitor visitor)
    {
        var tap = new WorkerTap();
        await visitor.Context.ExposeFunctionAsync("workerMessage", (bool fromWorker, string json, string[] bytes) =>
        {
            tap._messages.Enqueue(new WorkerMessage(fromWorker, json, [.. bytes.Select(Convert.FromBase64String)]));
            return true;
        });
        await visitor.Context.AddInitScriptAsync(Script);
        return tap;
    }

    /// <summary>Asks the newest worker for an operation, as the page would; its whole answer.</summary>
    public static async Task<JsonElement> AskAsync(Visitor visitor, string operation, string arguments = "{}") => (await visitor.Page.EvaluateAsync<JsonElement?>(
        """
        ([operation, args]) => new Promise(resolve => {
          const worker = tappedWorkers.at(-1), id = 1e9 + Math.floor(Math.random() * 1e9)
          worker.addEventListener('message', event => { if (event.data.id === id && !('report' in event.data)) resolve(event.data) })
          worker.postMessage({ id, operation, arguments: args, files: [], secrets: [] })
        })
        """, new[] { operation, arguments }))!.Value;

    /// <summary>How many workers were started and not ended by the page.</summary>
    public static Task<int> LivingAsync(Visitor visitor) => visitor.Page.EvaluateAsync<int>("() => tappedWorkers.filter(worker => !worker.ended).length");
}
