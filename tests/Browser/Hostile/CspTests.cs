using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Salus.Browser.Tests.Access;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;
using Salus.Testing;

namespace Salus.Browser.Tests.Hostile;

/// <summary>The page's policy: its own screens never come up against it, and what somebody slips into the page does not run.</summary>
public class CspTests(SalusInstallation salus, Chromium chromium)
{
    /// <summary>Each attempt ends in an error or says nothing; none of them may leave its name in `ran`.</summary>
    private const string Attempts =
        """
        async home => {
          const ran = globalThis.ran = []
          const violated = []
          document.addEventListener('securitypolicyviolation', event => violated.push(event.effectiveDirective))
          const make = (name, attributes = {}, text = '') => {
            const made = document.createElement(name)
            for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
            if (text) made.textContent = text
            document.body.append(made)
            return made
          }
          const attempts = {
            inline: () => make('script', {}, 'ran.push("inline")'),
            remote: () => make('script', { src: home + 'script.js' }),
            data: () => make('script', { src: 'data:text/javascript,ran.push("data")' }),
            blob: () => make('script', { src: URL.createObjectURL(new Blob(['ran.push("blob")'])) }),
            handler: () => make('div', { onclick: 'ran.push("handler")' }).click(),
            link: () => make('a', { href: 'javascript:ran.push("link")' }).click(),
            markup: () => { make('div').innerHTML = '<img src=x onerror=ran.push("markup")>' },
            parsed: () => { document.body.append(...new DOMParser().parseFromString('<img src=x onerror=ran.push("parsed")>', 'text/html').body.childNodes) },
            fragment: () => { document.body.append(document.createRange().createContextualFragment('<script>ran.push("fragment")</script>')) },
            written: () => { document.write('<script>ran.push("written")</script>') },
            eval: () => eval('ran.push("eval")'),
            function: () => new Function('ran.push("function")')(),
            timer: () => new Promise(done => { setTimeout('ran.push("timer")', 0); setTimeout(done, 50) }),
            worker: () => new Worker(URL.createObjectURL(new Blob(['1']))),
            frame: () => make('iframe', { src: home + 'frame' }),
            dataFrame: () => make('iframe', { src: 'data:text/html,<script>parent.postMessage(1,"*")</script>' }),
            srcdoc: () => make('iframe', { srcdoc: '<script>parent.ran.push("srcdoc")</script>' }),
            object: () => make('object', { data: home + 'object' }),
            image: () => make('img', { src: home + 'image' }),
            sheet: () => make('link', { rel: 'stylesheet', href: home + 'style.css' }),
            style: () => make('style', {}, `body { background: url(${home}style) }`),
            form: () => make('form', { action: home + 'form' }).submit(),
            fetch: () => fetch(home + 'fetch').then(() => { ran.push('fetch') }),
            socket: () => new Promise(done => {
              const socket = new WebSocket(home.replace('http', 'ws'))
              socket.onopen = () => { ran.push('socket'); done() }
              socket.onerror = done
            }),
            beacon: () => { navigator.sendBeacon(home + 'beacon', 'x') },
            imported: () => import('data:text/javascript,globalThis.ran.push("imported")'),
            base: () => { make('base', { href: home }); if (document.baseURI.startsWith(home)) ran.push('base') },
            service: () => navigator.serviceWorker.register(URL.createObjectURL(new Blob(['1']))).then(() => { ran.push('service') }),
          }
          const outcomes = {}
          // Whoever drives the browser may do what the policy forbids, until the call returns.
          await new Promise(done => setTimeout(done, 10))
          for (const [name, attempt] of Object.entries(attempts))
            try { await attempt(); outcomes[name] = 'done' } catch (problem) { outcomes[name] = problem.name }
          await new Promise(done => setTimeout(done, 500))
          return JSON.stringify({ ran, violated, outcomes, address: location.href })
        }
        """;

    private static readonly string[] Routes =
        ["/", "/add", "/search", "/sharing", "/sharing/new", "/requests", "/patients", "/contacts", "/access", "/storage", "/emergency", "/alarms", "/settings", "/login", "/nowhere"];

    [Fact]
    public async Task NoScreenComesUpAgainstThePolicy()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var stored = await patient.PutAsync("A letter."u8.ToArray(), name: "letter.txt");
        await patient.ShareAsync(doctor, ["medical"]);
        // That nothing was blocked is what every visitor is asked at the end.
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        foreach (var route in Routes.Concat([$"/record/{stored.Record}", $"/record/{stored.Record}/servers", $"/patients/{doctor.Account.Id}"]))
            await ManyRecords.ShowAsync(visitor, route);
    }

    [Fact, Attack("W04")]
    public async Task WhatIsSlippedIntoTheOpenPageDoesNotRun()
    {
        await using var canary = await Canary.StartAsync();
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        var address = visitor.Page.Url;
        var tried = JsonSerializer.Deserialize<Tried>(await visitor.Page.EvaluateAsync<string>(Attempts, canary.Url.AbsoluteUri), JsonSerializerOptions.Web)!;
        Assert.Empty(tried.Ran);
        Assert.Equal(address, tried.Address);
        Assert.Equal(address, visitor.Page.Url);
        Assert.Empty(canary.Asked);
        Assert.Contains("connect-src", tried.Violated);
        Assert.Equal("EvalError", tried.Outcomes["eval"]);
        visitor.TakeFaults(); // The policy has spoken.
    }

    [Fact, Attack("W03")]
    public async Task WhatAHostWritesIntoTheDocumentDoesNotRun()
    {
        await using var canary = await Canary.StartAsync();
        const string marks = "<script>globalThis.ran = true</script><img src=x onerror='globalThis.ran = true'><body onload='globalThis.ran = true'>";
        await using var visitor = await Visitor.ComeAsync(chromium, salus, "document", before: visitor => visitor.Context.RouteAsync(salus.Parties.Cloud.Url.AbsoluteUri, async route =>
        {
            var answer = await route.FetchAsync();
            var head = $"<head><base href=\"{canary.Url}\"><script src=\"{canary.Url}script.js\"></script>";
            var text = Encoding.UTF8.GetString(await answer.BodyAsync()).Replace("<head>", head, StringComparison.Ordinal).Replace("</body>", marks + "</body>", StringComparison.Ordinal);
            await route.FulfillAsync(new() { Response = answer, Body = text });
        }));
        await Task.Delay(2000);
        Assert.False(await visitor.Page.EvaluateAsync<bool>("() => 'ran' in globalThis"));
        Assert.Equal(0, await visitor.Page.GetByLabel("Passphrase").CountAsync());
        Assert.Empty(canary.Asked);
        visitor.TakeFaults();
    }

    private sealed record Tried(string[] Ran, string[] Violated, Dictionary<string, string> Outcomes, string Address);
}
