using System.Text.Json;
using Microsoft.Playwright;

namespace Salus.Browser.Tests.Worker;

/// <summary>A tab with a worker in it that answers operations, as the page's client does it.</summary>
internal sealed class WorkerPage
{
    private const string Client =
        """
        script => {
          const policy = trustedTypes.createPolicy('salus', { createScriptURL: url => url })
          let last = 0
          globalThis.startWorker = () => new Promise((resolve, reject) => {
            const worker = globalThis.worker = new Worker(policy.createScriptURL(script), { type: 'module' })
            worker.onerror = event => reject(new Error(event.message))
            worker.addEventListener('message', ({ data }) => {
              if (data.ready) resolve('ready')
              if (data.broken) resolve(data.broken)
            })
          })
          globalThis.call = (operation, args, files = []) => new Promise((resolve, reject) => {
            const id = ++last
            const heard = ({ data }) => {
              if (data.id !== id || 'report' in data) return
              worker.removeEventListener('message', heard)
              globalThis.blob = data.blob
              if (data.error) reject(new Error(data.error.message))
              else resolve(JSON.stringify(data.ok))
            }
            worker.addEventListener('message', heard)
            worker.postMessage({ id, operation, arguments: JSON.stringify(args), files, secrets: [] })
          })
        }
        """;

    private readonly string _script;

    private WorkerPage(IPage page, string script) => (Page, _script) = (page, script);

    public IPage Page { get; }

    public static async Task<WorkerPage> OpenAsync(WorkerSite site, IBrowserContext browser)
    {
        var page = await browser.NewPageAsync();
        await page.GotoAsync(site.Address);
        var opened = new WorkerPage(page, "/" + site.WorkerScript);
        await page.EvaluateAsync(Client, opened._script);
        return opened;
    }

    /// <summary>"ready", or why not.</summary>
    public Task<string> StartAsync() => Page.EvaluateAsync<string>("() => startWorker()");

    public async Task ReloadAsync()
    {
        await Page.ReloadAsync();
        await Page.EvaluateAsync(Client, _script);
        Assert.Equal("ready", await StartAsync());
    }

    /// <summary>Ends the worker as locking does, in the middle of whatever it does, and starts another one.</summary>
    public async Task KillAsync()
    {
        await Page.EvaluateAsync("() => worker.terminate()");
        Assert.Equal("ready", await StartAsync());
    }

    public async Task<JsonElement> CallAsync(string operation, object arguments)
    {
        var answer = await Page.EvaluateAsync<string>("([operation, args]) => call(operation, JSON.parse(args))", new[] { operation, JsonSerializer.Serialize(arguments) });
        return JsonDocument.Parse(answer).RootElement;
    }

    public async Task<string?> TextAsync(string operation, object arguments) => (await CallAsync(operation, arguments)).GetProperty("text").GetString();
}
