using Microsoft.AspNetCore.Identity;

namespace Salus.Cloud.Passkeys;

/// <summary>What the cloud asks of passkeys (WebAuthn Level 3), and from which pages.</summary>
internal static class RelyingParty
{
    public static void Add(IServiceCollection services, CloudOptions options)
    {
        var home = options.PublicUrl ?? options.Url;
        services.AddIdentityCore<PasskeyUser>();
        services.AddScoped<IUserStore<PasskeyUser>, PasskeyStore>();
        services.AddScoped<IPasskeyHandler<PasskeyUser>, PasskeyHandler<PasskeyUser>>();
        services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            passkeys.ServerDomain = home.IdnHost;
            passkeys.AuthenticatorTimeout = ChallengeTable.Life;
            // Whoever finds an unlocked telephone is not its owner; and no address is typed at a login, so the authenticator must know the account.
            passkeys.UserVerificationRequirement = "required";
            passkeys.ResidentKeyRequirement = "required";
            passkeys.AttestationConveyancePreference = "none";
            passkeys.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && context.TopOrigin is null && IsOrigin(home, context.Origin));
        });
    }

    /// <summary>The page as the cloud serves it; on a person's own machine also the page that `salus open` serves, on whatever port.</summary>
    internal static bool IsOrigin(Uri home, string text) =>
        text == OriginOf(home)
        || (home.IdnHost == "localhost" && Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin is { Scheme: "http", IdnHost: "localhost" } && text == OriginOf(origin));

    private static string OriginOf(Uri url) => $"{url.Scheme}://{url.IdnHost}{(url.IsDefaultPort ? "" : $":{url.Port}")}";
}
