using System.Diagnostics;
using System.Net;
using Salus.Testing;

namespace Salus.Health.Tests.Deidentification.Dicom;

/// <summary>An Orthanc of its own, on free ports of the loopback, with an empty store.</summary>
public sealed class OrthancServer : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private Process? process;

    public HttpClient Http { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var port = FreePort.Next();
        File.WriteAllText(folder.File("orthanc.json"), $$"""
            {"Name": "test", "StorageDirectory": "{{folder.File("db")}}", "IndexDirectory": "{{folder.File("db")}}", "HttpPort": {{port}}, "DicomPort": {{FreePort.Next()}},
             "RemoteAccessAllowed": false, "AuthenticationEnabled": false, "DicomServerEnabled": false, "Plugins": []}
            """);
        process = DebianPrograms.Start("Orthanc", folder.File("orthanc.json"));
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Http.BaseAddress = new Uri($"http://127.0.0.1:{port}/");
        for (var i = 0; i < 300; i++)
        {
            try
            {
                if ((await Http.GetAsync("system")).StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(200);
            }
        }
        throw new TimeoutException("Orthanc does not answer.");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        folder.Dispose();
    }
}
