using Salus.Hosting;
using Salus.Hosting.Pages;
using Salus.Protocol.Http;

namespace Salus.PageHost;

/// <summary>
/// The page from the user's own package, on loopback (`salus open`): what runs in the browser is what was installed, whatever a cloud would hand out. It prints the address that opens it.
/// </summary>
internal static class PageServer
{
    private const string Viewing = "/v/{view}/";

    public static SalusServer<PageHostOptions> Create() => new()
    {
        Name = "Salus.PageHost",
        AnswersOtherOrigins = false,
        Configure = (builder, options, _) =>
        {
            builder.Services.AddSingleton(options.Page.Load());
            builder.Services.AddSingleton<Launch>();
            if (options.EndsWithInput)
                builder.Services.AddHostedService<EndsWithInput>();
        },
        Map = Map,
        Prepare = (services, _) =>
        {
            // To whoever started it and nowhere else: the log never sees the token.
            Console.WriteLine(services.GetRequiredService<Launch>().Address(services.GetRequiredService<PageHostOptions>().Url));
            return Task.CompletedTask;
        },
    };

    private static void Map(WebApplication app)
    {
        var options = app.Services.GetRequiredService<PageHostOptions>();
        var launch = app.Services.GetRequiredService<Launch>();
        var files = app.Services.GetRequiredService<PageFiles>();
        var policy = new PagePolicy(options.Parties, secure: false);
        app.UseMiddleware<Gate>();
        app.MapGet(Paths.OpenPage, (HttpContext http) =>
        {
            launch.LetIn(http);
            return TypedResults.Redirect(Paths.Page);
        }).ExcludeFromDescription();
        app.MapCloudAddress(options.Cloud);
        app.MapPage(files.All.Where(file => !file.IsViewer), policy);

        // The viewer's origin is opaque: a browser sends no cookie with what it loads. So it gets a path of its own, under which there is nothing but itself and the assets.
        app.MapGet("/" + PageFile.Viewer, () => TypedResults.Redirect(launch.ViewerPath)).ExcludeFromDescription();
        foreach (var file in files.All.Where(file => file.IsViewer || file.IsAsset))
            app.MapFile(Viewing + file.Path, file, policy);
    }
}
