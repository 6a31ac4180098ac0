using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;
using Salus.Cloud.Accounts;
using Salus.Cloud.Catalogue;
using Salus.Cloud.Data;
using Salus.Cloud.Deposits;
using Salus.Cloud.Grants;
using Salus.Cloud.Index;
using Salus.Cloud.Inventory;
using Salus.Cloud.Log;
using Salus.Cloud.Mail;
using Salus.Cloud.Parties;
using Salus.Cloud.Passkeys;
using Salus.Cloud.Requests;
using Salus.Cloud.Studies;
using Salus.Hosting;
using Salus.Hosting.Pages;
using Salus.Protocol.Http;

namespace Salus.Cloud;

/// <summary>
/// The cloud: accounts, the catalogue of records, grants, the search index, requests for access, studies. It is trusted for availability only. Any number of replicas share one PostgreSQL; all
/// that matters is there. In memory are only the counters of rate limits by address and by session, each replica's own.
/// </summary>
internal static class CloudServer
{
    public static SalusServer<CloudOptions> Create() => new()
    {
        Name = "Salus.Cloud",
        Configure = (builder, options, identity) =>
        {
            // What fails here is logged once, by Hosting, without the values that EF Core and PostgreSQL would quote.
            builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
            AddServices(builder.Services, options, identity);
        },
        Map = MapRoutes,
        Prepare = SchemaUpgrade.RunAsync,
    };

    private static void AddServices(IServiceCollection services, CloudOptions options, ServerIdentity identity)
    {
        services.AddDbContextPool<CloudDatabase>((provider, database) =>
        {
            CloudDatabase.Configure(database, options.Database);
            database.AddInterceptors(provider.GetRequiredService<LogCommits>());
        });
        services.AddHealthChecks().AddCheck<DatabaseCheck>("database");
        services.AddSingleton(_ => Pepper.OpenOrCreate(options.Data));
        services.AddSingleton(PartyEndpoints.Directory(options, identity));
        services.AddSingleton<StoreKeys>();
        services.AddSingleton<TrusteeKeys>();
        services.AddScoped<Codes>();
        services.AddSingleton<CardTags>();
        services.AddHostedService<CardBackfill>();
        RelyingParty.Add(services, options);
        services.AddSingleton<IMailer>(provider => options.Mail.Smtp is { } smtp
            ? new SmtpMailer(options.Mail, smtp)
            : new PickupMailer(options.Mail, options.Mail.Pickup ?? Path.Combine(options.Data, "mail"), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Outbox>();
        services.AddHostedService(provider => provider.GetRequiredService<Outbox>());
        services.AddHostedService<Collector>();
        LogEndpoints.Add(services);
        services.ConfigureHttpJsonOptions(json => SetJson(json.SerializerOptions));
    }

    /// <summary>How bodies of requests are read, besides <see cref="StrictJson"/>.</summary>
    internal static void SetJson(JsonSerializerOptions json)
    {
        json.TypeInfoResolverChain.Insert(0, CloudJson.Default);
        json.NumberHandling = JsonNumberHandling.Strict;
        json.MaxDepth = 16;
    }

    private static void MapRoutes(WebApplication app)
    {
        _ = app.Services.GetRequiredService<Pepper>(); // a damaged one is told at start
        app.Use(RefuseOtherCharsets);
        app.UseMiddleware<SessionCheck>();
        PartyEndpoints.Map(app);
        AccountEndpoints.Map(app, app.Services.GetRequiredService<CloudOptions>());
        SessionEndpoints.Map(app);
        PasskeyEndpoints.Map(app, app.Services.GetRequiredService<CloudOptions>());
        InventoryEndpoints.Map(app);
        EpochEndpoints.Map(app);
        RecordEndpoints.Map(app);
        TicketEndpoints.Map(app);
        BodyEndpoints.Map(app);
        GrantEndpoints.Map(app);
        DepositEndpoints.Map(app);
        DirectoryEndpoints.Map(app);
        RequestEndpoints.Map(app);
        SegmentEndpoints.Map(app);
        IndexUpdateEndpoints.Map(app);
        StudyEndpoints.Map(app);
        ContributionEndpoints.Map(app);
        LogEndpoints.Map(app);
        MapPage(app, app.Services.GetRequiredService<CloudOptions>(), app.Services.GetRequiredService<PartyDirectory>());
    }

    /// <summary>The page speaks with this cloud, under the name by which it is known, and with the parties of its directory.</summary>
    private static void MapPage(WebApplication app, CloudOptions options, PartyDirectory parties)
    {
        if (options.Page is not { } page)
            return;
        var secure = parties.Cloud.Url is { Scheme: "https", IsLoopback: false };
        app.MapPage(page.Load().All, new PagePolicy(parties.Addresses(), secure));
        app.MapCloudAddress(new CloudAddress(parties.Cloud.Url, parties.Authority));
    }

    /// <summary>JSON is UTF-8 (RFC 8259, section 8.1); the framework would try others and fail on those that it does not know.</summary>
    private static Task RefuseOtherCharsets(HttpContext context, RequestDelegate next) =>
        MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.Charset.HasValue
            && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? throw new ProblemException(Problems.BadRequest, StatusCodes.Status415UnsupportedMediaType, "JSON is written in UTF-8.")
            : next(context);
}
